-- HIR, optimised CLIF
-- A closure counts in a variable outside of it.
local count = 0
local function run()
  for _ = 1, 20 do
    count = count + 1
  end
end
run()
assert(count == 20)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 4
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 4 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 4 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 4 []
    jump block1(v1, v3, v5)
block1(v6: Int, v7: Int, v8: Int):    ; pc 4, loop
    v9: None = poll    -> interrupt pc 4 [r0=v6 r1=v7 r2=v8]
    v10: Int = upval_get 0    -> guard_upvalue pc 4 [r0=v6 r1=v7 r2=v8]
    v11: Int = int 1
    v12: Int = add v10 v11
    v13: None = upval_set 0 v12
    v14: Int = int 0
    v15: Int = int 1
    v16: Bool = eq v7 v14
    v17: None = exit_if v16 == true    -> loop_end pc 9 [r0=v6 r1=v7 r2=v8 r4=v12]
    v18: Int = sub v7 v15
    v19: Int = add v6 v8
    jump block1(v19, v18, v8)
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block3, block4

block4:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v63 = iconst.i32 3
    v64 = icmp ne v13, v63  ; v63 = 3
    brif v64, block3, block5

block5:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v65 = iconst.i32 3
    v66 = icmp ne v18, v65  ; v65 = 3
    brif v66, block3, block6

block6:
    v33 = iconst.i64 1
    v40 = iconst.i64 0
    jump block2(v7, v12)

block3 cold:
    v80 = iconst.i64 0
    return v80  ; v80 = 0

block2(v3: i64, v4: i64):
    v22 = load.i8 notrap aligned v2
    brif v22, block7, block8

block8:
    v26 = load.i64 notrap aligned v1-16
    v27 = load.i64 notrap aligned v26+16
    v28 = load.i64 notrap aligned v27+8
    v29 = load.i64 notrap aligned v28
    v30 = load.i32 notrap aligned v28+8
    v67 = iconst.i32 3
    v68 = icmp ne v30, v67  ; v67 = 3
    brif v68, block9, block10

block10:
    v36 = load.i64 notrap aligned v1-16
    v37 = load.i64 notrap aligned v36+16
    v38 = load.i64 notrap aligned v37+8
    v69 = iconst.i64 1
    v70 = iadd.i64 v29, v69  ; v69 = 1
    store notrap aligned v70, v38
    v71 = iconst.i32 3
    store notrap aligned v71, v38+8  ; v71 = 3
    v72 = iconst.i64 0
    v73 = icmp.i64 eq v4, v72  ; v72 = 0
    brif v73, block11, block12

block12:
    v44 = iadd.i64 v3, v17
    v74 = iconst.i64 1
    v75 = isub.i64 v4, v74  ; v74 = 1
    jump block2(v44, v75)

block7 cold:
    store.i64 notrap aligned v3, v1
    v78 = iconst.i32 3
    store notrap aligned v78, v1+8  ; v78 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v78, v1+24  ; v78 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v78, v1+40  ; v78 = 3
    v79 = iconst.i64 1
    return v79  ; v79 = 1

block9 cold:
    store.i64 notrap aligned v3, v1
    v77 = iconst.i32 3
    store notrap aligned v77, v1+8  ; v77 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v77, v1+24  ; v77 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v77, v1+40  ; v77 = 3
    v54 = iconst.i64 2
    return v54  ; v54 = 2

block11 cold:
    store.i64 notrap aligned v3, v1
    v76 = iconst.i32 3
    store notrap aligned v76, v1+8  ; v76 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v76, v1+24  ; v76 = 3
    store.i64 notrap aligned v17, v1+32
    store notrap aligned v76, v1+40  ; v76 = 3
    store.i64 notrap aligned v70, v1+64
    store notrap aligned v76, v1+72  ; v76 = 3
    v60 = iconst.i64 3
    return v60  ; v60 = 3
}
]==]
