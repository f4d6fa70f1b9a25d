"""A chain worked by hand in the registers, published and computed: three firms make salt, one makes cells, nobody cathode.

100 MWh of cells ask for 200 t of cathode and 50 t of salt. Firms a, b and c make 40 t of salt each (long, three firms, a third each);
b alone makes 80 MWh of cells (short, but a single firm's figure); a price of 123,457 stands in a contract of a and b.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from liantu.model.tables import Tables
from liantu.web.accounts.models import Person
from liantu.web.registry.models import Version
from liantu.web.work import actions, context
from liantu.web.work.models import Run
from tests.packages import package
from tests.report.outlook import PRICED
from tests.web.work.conftest import published, work

__all__ = ["work"]

PRICE = "123457"
TABLES: Mapping[str, str] = {
    **PRICED,
    "firms": "id,name_en,name_zh,site\na,First firm,甲公司,east\nb,Second firm,乙公司,east\nc,Third firm,丙公司,east",
    "plants": """id,firm,process,site,capacity,unit,status,start,end,utilisation,basis,source
        m1,a,mine,east,500,t/a,operating,2020,,,reported,s
        r1,a,refine,east,40,t/a,operating,2021,,,reported,s
        r2,b,refine,east,40,t/a,operating,2021,,,illustrative,s
        r3,c,refine,east,40,t/a,operating,2021,,,reported,s
        c1,b,make,east,80,MWh/a,operating,2022,,,reported,s""",
    "contracts": f"""id,kind,seller,buyer,material,start,end,volume,unit,price,currency
        k1,offtake,a,b,salt,2025-01-01,2027-12-31,20,t,{PRICE},CNY
        k2,tolling,b,c,salt,2025-01-01,,5,t,{PRICE},CNY""",
    "stakes": "owner,firm,share\nb,a,0.4\nc,b,0.25",
}


def given(changes: Mapping[str, str] | None = None) -> Tables:
    made = package({**TABLES, **(changes or {})})
    assert isinstance(made, Tables)
    return made


@pytest.fixture
def version(db: None) -> Version:
    """The chain as version 1."""
    return published(1, given())


@pytest.fixture
def overview(version: Version, people: dict[str, Person], work: Callable[[], list[str]]) -> Run:
    """Its overview, computed."""
    run = actions.ask("overview", context.settled(people["editor"]), person=people["editor"])
    assert ["done"] == work()
    run.refresh_from_db()
    assert run.is_ok
    return run
