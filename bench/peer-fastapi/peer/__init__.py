"""The yardstick: the measured endpoints of Taskward's API, as a competent FastAPI developer would write them."""
