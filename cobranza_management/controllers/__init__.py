from . import pay_link
from . import portal_plan
