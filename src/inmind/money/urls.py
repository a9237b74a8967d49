from django.urls import path

from inmind.money import book_views, link_views, views, writing_views

urlpatterns = [
    path("money/", book_views.books, name="money_books"),
    path("money/mine/", views.mine, name="money_mine"),
    path("money/take/", book_views.take, name="money_take"),
    path("money/write/", writing_views.write, name="money_write"),
    path("money/payments/", writing_views.payments, name="money_payments"),
    path("money/payments/out/", writing_views.payments_out, name="money_payments_out"),
    path("money/payments/<uuid:payment>/", writing_views.payment, name="money_payment"),
    path("money/export/", book_views.export, name="money_export"),
    path("money/accounts/", book_views.accounts, name="money_accounts"),
    path("money/invoices/<uuid:invoice>/", views.invoice, name="money_invoice"),
    path("money/invoices/<uuid:invoice>/paper/", views.paper, name="money_paper"),
    path("money/invoices/<uuid:invoice>/receipt/", views.receipt, name="money_receipt"),
    path("money/invoices/<uuid:invoice>/refund/", views.give_back, name="money_refund"),
    path("money/invoices/<uuid:invoice>/cancel/", views.cancel, name="money_cancel"),
    path("money/invoices/<uuid:invoice>/promise/", views.promise, name="money_promise"),
    path("money/invoices/<uuid:invoice>/send/", views.send, name="money_send"),
    path("money/invoices/<uuid:invoice>/credit/", views.credit, name="money_credit"),
    path("money/invoices/<uuid:invoice>/credit/back/", views.credit_back, name="money_credit_back"),
    path("money/invoices/<uuid:invoice>/pay/", views.pay, name="money_pay"),
    path("money/payments/<uuid:payment>/returned/", book_views.came_back, name="money_return"),
    path("money/by-link/", link_views.by_link, name="money_by_link"),
    path("money/by-link/paper/", link_views.paper_by_link, name="money_by_link_paper"),
    path("money/by-link/receipt/", link_views.receipt_by_link, name="money_by_link_receipt"),
    path("money/by-link/promise/", link_views.say_by_link, name="money_by_link_promise"),
    path("money/by-link/pay/", link_views.pay_by_link, name="money_by_link_pay"),
    path("money/card/notices/", link_views.card_notice, name="money_card_notice"),
]
