from . import test_aging
from . import test_content
from . import test_ladder
from . import test_totals
from . import test_totals_property
