"""Months are kept while somebody changes them, each in a process of their own."""


def test_a_change_that_was_under_way_is_noticed(lab):
    """Whoever keeps the months cannot see it, and whoever reads them afterwards does not believe them."""
    clerk, keeper = lab.worker(), lab.worker()
    [invoice] = clerk.do('make_book', debtors=['ana'], days=70)
    keeper.do('keep_months')
    assert keeper.do('read_months') == [100, True]
    clerk.order('take_back', invoice=invoice, hold=True)
    clerk.answer()
    keeper.do('keep_months')
    assert keeper.do('read_months') == [100, True], 'nothing has happened yet'
    clerk.go_on()
    clerk.answer()
    assert keeper.do('read_months') == [0, False]
    keeper.do('keep_months')
    assert keeper.do('read_months') == [0, True]
