#!/usr/bin/python3
"""Makes the Tryton database that tests start from.

    seed.py key               prints what the result depends on, as a hash; fails
                              and says what is missing when Tryton 6.0 is not there
    seed.py make DIR TARGET   makes it in DIR and moves it to TARGET as a whole

TARGET then holds erp.sqlite and users, a file with the passwords of the two
users. What is in the database is the rest of this file: a manufacturer of
kitchens with three customers, who is ready to sell, ship, invoice and be paid.
"""
import datetime
import hashlib
import os
import random
import shutil
import sys
from decimal import Decimal

SERIES = '6.0'
MODULES = [
    'party', 'product', 'product_price_list', 'sale', 'sale_price_list',
    'sale_discount', 'stock', 'account', 'account_invoice', 'account_product',
    'account_invoice_stock', 'account_payment', 'web_shop']
TODAY = datetime.date.today()


def key():
    """The hash of this file, of the versions installed and of the year: the
    fiscal years are those around it."""
    import proteus
    import trytond
    from trytond.modules import get_module_info
    if not trytond.__version__.startswith(SERIES + '.'):
        sys.exit('Tryton %s is here, not %s' % (trytond.__version__, SERIES))
    parts = ['trytond ' + trytond.__version__, 'proteus ' + proteus.__version__]
    for module in MODULES:
        parts.append('%s %s' % (module, get_module_info(module)['version']))
    with open(__file__, 'rb') as f:
        parts.append(hashlib.sha256(f.read()).hexdigest())
    parts.append(str(TODAY.year))
    return hashlib.sha256('\n'.join(parts).encode()).hexdigest()[:24]


def password():
    """No character twice, which Tryton would count as too little entropy, and
    none that a URL would escape."""
    letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
    return ''.join(random.SystemRandom().sample(letters, 20))


def make(work, target):
    users = {'admin': password(), 'connector': password()}
    os.makedirs(work)
    conf, secret = os.path.join(work, 'conf'), os.path.join(work, 'secret')
    with open(conf, 'w') as f:
        f.write('[database]\nuri = sqlite://\npath = %s\n' % work)
    with open(secret, 'w') as f:
        f.write(users['admin'] + '\n')
    open(os.path.join(work, 'erp.sqlite'), 'w').close()
    initialise(conf, secret)
    fill(conf, users)
    # Of two that make it at the same time the first wins; never is half of it
    # seen under its name.
    part = '%s.%d' % (target, os.getpid())
    os.makedirs(part, mode=0o700)
    try:
        shutil.copy(os.path.join(work, 'erp.sqlite'), part)
        with open(os.path.join(part, 'users'), 'w') as f:
            for login, word in users.items():
                f.write('%s=%s\n' % (login, word))
        os.rename(part, target)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        if not os.path.exists(os.path.join(target, 'users')):
            raise


def initialise(conf, secret):
    """The tables and what the modules bring with them, in one pass."""
    from trytond import commandline
    from trytond.config import config
    os.environ['TRYTONPASSFILE'] = secret
    options = commandline.get_parser_admin().parse_args(
        ['-c', conf, '-d', 'erp', '--email', 'admin@example.com',
            '--activate-dependencies', '-u', 'ir'] + MODULES)
    config.update_etc(options.configfile)
    # After the configuration only: the imports read it.
    from trytond import admin
    from trytond.model import ModelStorage
    from trytond.res.user import CRYPT_CONTEXT
    # A login would take half a second: these passwords guard nothing.
    CRYPT_CONTEXT.update(
        **{scheme + '__rounds': 4 for scheme in CRYPT_CONTEXT.schemes()})
    # What the modules bring is known to be valid; to check each record of it
    # takes as long as all the rest.
    validate = ModelStorage.__dict__['_validate']
    ModelStorage._validate = classmethod(lambda cls, *args, **kwargs: None)
    try:
        admin.run(options)
    finally:
        ModelStorage._validate = validate


def fill(conf, users):
    from proteus import config
    cfg = config.set_trytond('erp', user='admin', config_file=conf)
    euro, france = money_and_countries()
    company = create_company(cfg, euro, france)
    for year in (TODAY.year - 1, TODAY.year, TODAY.year + 1):
        create_fiscalyear(company, year)
    accounts = create_chart(company)
    categories = tax_categories(company, accounts)
    configure(euro, accounts)
    goods = products(categories)
    lists = price_lists(company, goods)
    customers(france, lists)
    stock(goods)
    web_shop(company, euro, goods)
    connector(company, users['connector'])


def model(name):
    from proteus import Model
    return Model.get(name)


def find(name, *domain):
    """The one record that matches."""
    record, = model(name).find(list(domain))
    return record


def by_xml_id(name, module, fs_id):
    data = find('ir.model.data', ('module', '=', module), ('fs_id', '=', fs_id))
    return model(name)(data.db_id)


def money_and_countries():
    euro = model('currency.currency')(
        name='Euro', symbol='€', code='EUR', numeric_code='978',
        rounding=Decimal('0.01'), digits=2)
    euro.rates.new(date=datetime.date(2020, 1, 1), rate=Decimal(1))
    euro.save()
    for code, name in (('FR', 'France'), ('DE', 'Germany'), ('BE', 'Belgium')):
        model('country.country')(code=code, name=name).save()
    return euro, find('country.country', ('code', '=', 'FR'))


def create_company(cfg, euro, france):
    from proteus import Wizard
    Party, User = model('party.party'), model('res.user')
    party = Party(name='Cuisines du Port SA', code='COMPANY')
    address = party.addresses[0]
    address.street, address.postal_code = '1 quai de la Fosse', '44000'
    address.city, address.country = 'Nantes', france
    party.save()
    wizard = Wizard('company.company.config')
    wizard.execute('company')
    wizard.form.party, wizard.form.currency = party, euro
    wizard.execute('add')
    cfg._context = User.get_preferences(True, {})
    company, = model('company.company').find()
    return company


def create_fiscalyear(company, year):
    def sequence(kind, name, type_name, **values):
        s = model(kind)(name='%s %d' % (name, year), company=company, **values)
        s.sequence_type = find('ir.sequence.type', ('name', '=', type_name))
        s.save()
        return s
    fiscal = model('account.fiscalyear')(name=str(year), company=company)
    fiscal.start_date = datetime.date(year, 1, 1)
    fiscal.end_date = datetime.date(year, 12, 31)
    fiscal.post_move_sequence = sequence('ir.sequence', 'Moves', 'Account Move')
    invoices = sequence('ir.sequence.strict', 'Invoices', 'Invoice',
        prefix='%d-' % year, padding=5)
    row, = fiscal.invoice_sequences
    row.in_invoice_sequence = row.in_credit_note_sequence = invoices
    row.out_invoice_sequence = row.out_credit_note_sequence = invoices
    fiscal.save()
    fiscal.click('create_period')


def create_chart(company):
    """The chart of accounts, answered by use."""
    from proteus import Wizard
    template = by_xml_id('account.account.template',
        'account', 'account_template_root_en')
    wizard = Wizard('account.create_chart')
    wizard.execute('account')
    wizard.form.account_template, wizard.form.company = template, company
    wizard.execute('create_account')
    Account = model('account.account')
    accounts = {}
    for use in ('receivable', 'payable', 'revenue', 'expense'):
        accounts[use], = Account.find(
            [('type.' + use, '=', True), ('company', '=', company.id)], limit=1)
    for use, name in (('cash', 'Main Cash'), ('tax', 'Main Tax')):
        accounts[use] = find('account.account',
            ('company', '=', company.id), ('name', '=', name))
    wizard.form.account_receivable = accounts['receivable']
    wizard.form.account_payable = accounts['payable']
    wizard.execute('create_properties')
    return accounts


def tax_categories(company, accounts):
    """The accounting categories of products by their rate in percent."""
    categories = {}
    for percent in ('20', '5.5'):
        tax = model('account.tax')(
            name='VAT %s %%' % percent, description='VAT %s %%' % percent,
            type='percentage', rate=Decimal(percent) / 100, company=company)
        tax.invoice_account = tax.credit_note_account = accounts['tax']
        tax.save()
        category = model('product.category')(
            name='Goods at %s %%' % percent, accounting=True,
            account_expense=accounts['expense'],
            account_revenue=accounts['revenue'])
        category.customer_taxes.append(tax)
        category.save()
        categories[percent] = category
    return categories


def configure(euro, accounts):
    """Invoices follow deliveries, due in 30 days, paid by transfer."""
    term = model('account.invoice.payment_term')(name='30 days')
    term.lines.new(type='remainder').relativedeltas.new().days = 30
    term.save()
    accounting = model('account.configuration')(1)
    accounting.default_customer_payment_term = term
    accounting.save()
    model('account.invoice.payment.method')(
        name='Bank transfer', journal=find('account.journal', ('type', '=', 'cash')),
        credit_account=accounts['cash'], debit_account=accounts['cash']).save()
    model('account.payment.journal')(
        name='Manual', process_method='manual', currency=euro).save()
    sale = model('sale.configuration')(1)
    sale.sale_invoice_method, sale.sale_shipment_method = 'shipment', 'order'
    sale.save()


# Code, name, list price before tax, unit, rate of VAT and stock.
GOODS = [
    ('FRIDGE-1', 'Fridge FAB28', '1250.00', 'Unit', '20', 50),
    ('KETTLE-1', 'Kettle KLF03', '99.90', 'Unit', '20', 500),
    ('00120', 'Worktop, oak', '49.96', 'Unit', '20', 10000),
    ('SCREW-4x30', 'Screw 4 × 30', '0.125', 'Unit', '20', 100000),
    ('BOOK-1', 'Fitting guide', '10.00', 'Unit', '5.5', 10000),
    ('BOOK-2', 'Recipes', '12.30', 'Unit', '5.5', 10000),
    ('CABLE', 'Cable 3 × 1.5', '1.9500', 'Meter', '20', 1000.5),
]


def products(categories):
    """The products by code."""
    kitchen = model('product.category')(name='Kitchen')
    kitchen.save()

    def template(code, name, price, unit, percent, kind='goods'):
        t = model('product.template')(
            name=name, code=code, type=kind, salable=True,
            list_price=Decimal(price), account_category=categories[percent],
            default_uom=find('product.uom', ('name', '=', unit)))
        t.categories.append(model('product.category')(kitchen.id))
        t.products[0].suffix_code = ''
        return t
    made = {}
    for code, name, price, unit, percent, _ in GOODS:
        t = template(code, name, price, unit, percent)
        t.products[0].description = name + ', as shown'
        t.save()
        made[code], = t.products
    for code, ean in (
            ('FRIDGE-1', '4006381333931'), ('KETTLE-1', '5901234123457')):
        made[code].identifiers.new(type='ean', code=ean)
        made[code].save()
    # One template, two colours: the code is the template's and the suffix.
    toaster = template('TOASTER', 'Toaster TSF01', '139.00', 'Unit', '20')
    toaster.products[0].suffix_code = '-RED'
    toaster.products.new(suffix_code='-BLACK')
    toaster.save()
    for product in toaster.products:
        made[product.code] = product
    work = template('INSTALL', 'Installation', '80.00', 'Hour', '20', 'service')
    work.save()
    made['INSTALL'], = work.products
    return made


def price_lists(company, goods):
    """Of the lines of a list the first that fits is used."""
    made = {}
    for name, lines in (
            ('Dealers', [
                (None, 10, 'unit_price * 0.80'),
                (None, None, 'unit_price * 0.85')]),
            ('Service centers', [
                ('KETTLE-1', 100, '69.9000'),
                ('KETTLE-1', 10, '74.9000'),
                ('KETTLE-1', None, '79.9000'),
                (None, None, 'unit_price')])):
        price_list = model('product.price_list')(
            name=name, company=company, tax_included=False)
        for code, quantity, formula in lines:
            line = price_list.lines.new(quantity=quantity, formula=formula)
            if code:
                line.product = goods[code]
        price_list.save()
        made[name] = price_list
    return made


def customers(france, lists):
    for code, name, price_list in (
            ('C0001', 'Marie Le Goff', None),
            ('C0002', 'Cuisines Léonie', lists['Dealers']),
            ('C0003', 'Dépannage Ouest', lists['Service centers'])):
        party = model('party.party')(
            name=name, code=code, sale_price_list=price_list)
        address = party.addresses[0]
        address.street, address.postal_code = "3, quai d'Amont", '29200'
        address.city, address.country = 'Brest', france
        address.invoice = address.delivery = True
        party.contact_mechanisms.new(
            type='email', value=code.lower() + '@example.com')
        party.save()
    dealer = find('party.party', ('code', '=', 'C0002'))
    dealer.addresses.new(
        party_name='Dépôt « Nord »', street='1 rue du Port', city='Lille',
        postal_code='59000', country=france, delivery=True)
    dealer.save()


def stock(goods):
    inventory = model('stock.inventory')(
        location=find('stock.location', ('code', '=', 'STO')))
    on_hand = [(code, quantity) for code, _, _, _, _, quantity in GOODS]
    for code, quantity in on_hand + [('TOASTER-RED', 20), ('TOASTER-BLACK', 20)]:
        inventory.lines.new(
            product=goods[code], quantity=float(quantity), expected_quantity=0.0)
    inventory.click('confirm')


def web_shop(company, euro, goods):
    """A sale of the shop has a web_id, which is unique in the database."""
    guest = model('party.party')(name='Guest')
    guest.save()
    shop = model('web.shop')(
        name='Connector', company=company, currency=euro, guest_party=guest)
    shop.warehouses.append(
        find('stock.location', ('type', '=', 'warehouse')))
    for product in goods.values():
        shop.products.append(model('product.product')(product.id))
    shop.save()


def connector(company, word):
    """The user of an adapter. Sale reads deliveries and invoices, too; Account
    is what the payment of an invoice asks for."""
    user = model('res.user')(name='Connector', login='connector', password=word)
    for module, group in (('sale', 'group_sale'), ('account', 'group_account')):
        user.groups.append(by_xml_id('res.group', module, group))
    user.companies.append(model('company.company')(company.id))
    user.company = company
    user.save()


if __name__ == '__main__':
    if sys.argv[1:] == ['key']:
        print(key())
    elif len(sys.argv) == 4 and sys.argv[1] == 'make':
        make(*sys.argv[2:])
    else:
        sys.exit(__doc__)
