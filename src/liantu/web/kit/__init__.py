"""What every app of the workbench shares and none owns. Owns: pages of refusal, lists, shown values, the look. Never: models."""
