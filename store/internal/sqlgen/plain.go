package sqlgen

// Plain are the statements of counters, idempotency keys and tenants.
type Plain struct {
	// Next takes (tenant, series) and answers the number taken.
	Next string
	// Reserve takes (tenant, scope, key, input, now) and adds no row when the key
	// is there already; Key then selects input and result.
	Reserve, Key string
	// Fulfil takes (result, tenant, scope, key).
	Fulfil string
	// Sweep takes (tenant, before) and removes the keys created earlier.
	Sweep string
	// Tenant notes that a tenant has written something; Tenants lists them.
	Tenant, Tenants string
}

// Plain returns the statements.
func (d Dialect) Plain() Plain {
	p := Plain{
		Next: "insert into comptoir_counters (tenant, series, value) values (?, ?, 1)" +
			" on conflict (tenant, series) do update set value = comptoir_counters.value + 1 returning value",
		Reserve: "insert into comptoir_keys (tenant, scope, key, input, created_at) values (?, ?, ?, ?, ?) on conflict (tenant, scope, key) do nothing",
		Key:     "select input, result from comptoir_keys where tenant = ? and scope = ? and key = ?",
		Fulfil:  "update comptoir_keys set result = ? where tenant = ? and scope = ? and key = ?",
		Sweep:   "delete from comptoir_keys where tenant = ? and created_at < ?",
		Tenant:  "insert into comptoir_tenants (id) values (?) on conflict (id) do nothing",
		Tenants: "select id from comptoir_tenants order by id",
	}
	if d == Postgres {
		// An UPDATE would look its row up in the index, and a serializable
		// look-up collides with everybody who adds a key to the same page. The
		// row is there: the transaction itself has reserved it.
		p.Fulfil = "insert into comptoir_keys (result, tenant, scope, key, input, created_at) values (?, ?, ?, ?, '', '-infinity')" +
			" on conflict (tenant, scope, key) do update set result = excluded.result"
	}
	for _, sql := range []*string{&p.Next, &p.Reserve, &p.Key, &p.Fulfil, &p.Sweep, &p.Tenant, &p.Tenants} {
		*sql = d.text(*sql)
	}
	return p
}
