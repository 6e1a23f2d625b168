//! Table accesses of the loop.
//!
//! Macros, as in [`operators`](super::operators): the cases that need no metamethod.
//! The rest is in `runtime::ops::fields` and `runtime::ops::index`.
//!
//! Invariant: a value is stored without looking for metamethods only where one
//! other than nil was, or where the table has no metatable.

/// `R[A] := table[key]` for a short-string constant key.
macro_rules! get_field {
    ($l:expr, $t:expr, $key:expr) => {{
        let (t, key): (*const TValue, *const TValue) = ($t, $key);
        if (*t).tag == tag::TABLE {
            let (table, name) = ((*t).value as *mut Table, (*key).value as *mut LString);
            let v = fields::cached_get($l, table, name, ic!());
            if !fields::missed(v) {
                TValue::set(ra!(), v);
                continue;
            }
            let v = fields::second_get($l, table, name, ic!());
            if !fields::loose_missed(v) {
                TValue::set(ra!(), TValue::new(v.0, v.1));
                continue;
            }
        }
        let v = slow!(fields::get_slow($l, TValue::get(t), TValue::get(key), ic!()));
        TValue::set(ra!(), v);
        check_trap!();
    }};
}

/// `table[key] := RK(C)` for a short-string constant key.
macro_rules! set_field {
    ($l:expr, $t:expr, $key:expr) => {{
        let (t, key): (*const TValue, *const TValue) = ($t, $key);
        let from = rkc!();
        let v = TValue::get(from);
        if (*t).tag == tag::TABLE
            && fields::cached_set($l, (*t).value as *mut Table, (*key).value as *mut LString, v, ic!())
        {
            barrier::on_store($l, (*t).value as *mut GcHeader, v);
        } else {
            let (t, key) = (TValue::get(t), TValue::get(key));
            slow!(fields::set_slow($l, t, key, TValue::get(from), ic!()));
            check_trap!();
        }
    }};
}

/// GETTABLE.
macro_rules! get_table {
    ($l:expr) => {{
        let (t, key) = (rb!(), rc!());
        if (*t).tag == tag::TABLE {
            let table = (*t).value as *mut Table;
            if (*key).tag == tag::INTEGER {
                let at = (*key).value.wrapping_sub(1);
                if at < u64::from((*table).asize) {
                    let v = Table::array_value(table, at as usize);
                    if !v.is_nil() || (*table).meta.is_null() {
                        TValue::set(ra!(), v);
                        continue;
                    }
                } else {
                    let v = fields::integer_get(table, (*key).value as i64);
                    if !fields::loose_missed(v) {
                        TValue::set(ra!(), TValue::new(v.0, v.1));
                        continue;
                    }
                }
            } else if (*key).tag == tag::SHORT_STRING {
                let v = fields::string_get($l, table, (*key).value as *mut LString);
                if !fields::loose_missed(v) {
                    TValue::set(ra!(), TValue::new(v.0, v.1));
                    continue;
                }
            }
        }
        let v = slow!(index::get($l, TValue::get(t), TValue::get(key)));
        TValue::set(ra!(), v);
        check_trap!();
    }};
}

/// GETI.
macro_rules! get_i {
    ($l:expr, $i:expr) => {{
        let t = rb!();
        let n = $i.c() as usize;
        if (*t).tag == tag::TABLE {
            let table = (*t).value as *mut Table;
            if n.wrapping_sub(1) < (*table).asize as usize {
                let v = Table::array_value(table, n - 1);
                if !v.is_nil() || (*table).meta.is_null() {
                    TValue::set(ra!(), v);
                    continue;
                }
            } else {
                let v = fields::integer_get(table, n as i64);
                if !fields::loose_missed(v) {
                    TValue::set(ra!(), TValue::new(v.0, v.1));
                    continue;
                }
            }
        }
        let v = slow!(index::get($l, TValue::get(t), TValue::integer(n as i64)));
        TValue::set(ra!(), v);
        check_trap!();
    }};
}

/// SETTABLE.
macro_rules! set_table {
    ($l:expr) => {{
        let (t, key) = (ra!(), rb!());
        let from = rkc!();
        if (*t).tag == tag::TABLE {
            let table = (*t).value as *mut Table;
            if (*key).tag == tag::INTEGER {
                let at = (*key).value.wrapping_sub(1);
                if at < u64::from((*table).asize)
                    && ((*table).meta.is_null() || *Table::array_tag(table, at as usize) != 0)
                {
                    let v = TValue::get(from);
                    Table::set_array(table, at as usize, v);
                    barrier::on_store_at($l, table, at as usize, v);
                    continue;
                }
                if (*table).meta.is_null() {
                    let key = (*key).value as i64;
                    slow!(Table::set_integer($l, table, key, TValue::get(from)));
                    continue;
                }
            } else if (*key).tag == tag::SHORT_STRING {
                let name = (*key).value as *mut LString;
                if fields::string_set($l, table, name, (*from).value, (*from).tag) {
                    continue;
                }
            }
        }
        slow!(index::set($l, TValue::get(t), TValue::get(key), TValue::get(from)));
        check_trap!();
    }};
}

/// SETI.
macro_rules! set_i {
    ($l:expr, $i:expr) => {{
        let t = ra!();
        let n = $i.b() as usize;
        let from = rkc!();
        if (*t).tag == tag::TABLE {
            let table = (*t).value as *mut Table;
            if n.wrapping_sub(1) < (*table).asize as usize
                && ((*table).meta.is_null() || *Table::array_tag(table, n - 1) != 0)
            {
                let v = TValue::get(from);
                Table::set_array(table, n - 1, v);
                barrier::on_store_at($l, table, n - 1, v);
                continue;
            }
        }
        slow!(index::set($l, TValue::get(t), TValue::integer(n as i64), TValue::get(from)));
        check_trap!();
    }};
}

/// SELF.
macro_rules! self_op {
    ($l:expr, $i:expr) => {{
        let key = if $i.k() { kc!() } else { rc!() as *const TValue };
        let name = (*key).value as *mut LString;
        let ra = ra!();
        let (object, kind) = ((*rb!()).value, (*rb!()).tag);
        TValue::set(ra.add(1), TValue::new(object, kind));
        if kind == tag::TABLE {
            let v = fields::cached_get($l, object as *mut Table, name, ic!());
            if !fields::missed(v) {
                TValue::set(ra, v);
                continue;
            }
            let v = fields::second_get($l, object as *mut Table, name, ic!());
            if !fields::loose_missed(v) {
                TValue::set(ra, TValue::new(v.0, v.1));
                continue;
            }
        } else if tag::is_string(kind) {
            let v = fields::cached_string_get($l, name, ic!());
            if !fields::missed(v) {
                TValue::set(ra, v);
                continue;
            }
        } else if kind == tag::USERDATA {
            let v = fields::cached_userdata_get($l, object as *mut Userdata, name, ic!());
            if !fields::missed(v) {
                TValue::set(ra, v);
                continue;
            }
        }
        let o = TValue::get(ra.add(1));
        let v = slow!(fields::get_slow($l, o, TValue::get(key), ic!()));
        TValue::set(ra!(), v);
        check_trap!();
    }};
}

/// NEWTABLE.
macro_rules! new_table {
    ($l:expr, $i:expr) => {{
        let mut narr = $i.c() as usize;
        if $i.k() {
            narr += at!(0).get_ax() as usize * 256;
        }
        skip!();
        let ra = ra!();
        // The register may hold a dead value: it is overwritten at once.
        save!();
        let t = sites::new_table($l, ic!(), $i.b(), narr)?;
        TValue::set(ra, TValue::table(t));
        check_gc!(ra.add(1));
    }};
}
