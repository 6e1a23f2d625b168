-- HIR, CLIF, optimised CLIF, code
-- Integer arithmetic in a numeric loop: nothing but additions is left in it.
local sum = 0
for i = 1, 100 do
  sum = sum + i
end
assert(sum == 5050)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 6
    v0: Any = load r0
    v1: Int = guard v0    -> guard_type pc 6 [] as guard_block
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 [] as guard_control
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 [] as guard_control
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 [] as guard_control
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 6 [] as guard_control
    jump block1()
block1():    ; pc 6
    jump block2(v1, v3, v5, v9)
block2(v10: Int, v11: Int, v12: Int, v14: Int):    ; pc 6, loop
    v15: None = poll    -> interrupt pc 6 [r0=v10 r1=v11 r2=v12 r3=v7 r4=v14]
    v16: Int = add v10 v14
    v17: Int = int 0
    v18: Int = int 1
    v19: Bool = eq v12 v17
    v20: None = exit_if v19 == true    -> loop_end pc 9 [r0=v16 r1=v11 r2=v12 r3=v7 r4=v14]
    v21: Int = sub v12 v18
    v22: Int = add v11 v7
    jump block3()
block3():    ; pc 8
    jump block2(v16, v22, v21, v22)
---- CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    v6 -> v1
    v11 -> v1
    v16 -> v1
    v21 -> v1
    v26 -> v1
    v33 -> v1
    v50 -> v1
    jump block1

block1:
    v7 = load.i64 notrap aligned v6
    v8 = load.i32 notrap aligned v6+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block5, block6

block6:
    v12 = load.i64 notrap aligned v11+16
    v13 = load.i32 notrap aligned v11+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block7, block8

block8:
    v17 = load.i64 notrap aligned v16+32
    v18 = load.i32 notrap aligned v16+40
    v19 = iconst.i32 3
    v20 = icmp ne v18, v19  ; v19 = 3
    brif v20, block7, block9

block9:
    v22 = load.i64 notrap aligned v21+48
    v23 = load.i32 notrap aligned v21+56
    v24 = iconst.i32 3
    v25 = icmp ne v23, v24  ; v24 = 3
    brif v25, block7, block10

block10:
    v27 = load.i64 notrap aligned v26+64
    v28 = load.i32 notrap aligned v26+72
    v29 = iconst.i32 3
    v30 = icmp ne v28, v29  ; v29 = 3
    brif v30, block7, block11

block11:
    jump block2

block5 cold:
    v31 = iconst.i64 0
    jump block12(v31)  ; v31 = 0

block12(v32: i64) cold:
    return v32

block7 cold:
    v34 = iconst.i64 1
    jump block12(v34)  ; v34 = 1

block2:
    jump block3(v7, v12, v17, v27, v26)

block3(v2: i64, v3: i64, v4: i64, v5: i64, v51: i64):
    v47 -> v51
    v49 -> v51
    v52 -> v51
    v35 = iconst.i64 125
    v36 = iadd.i64 v0, v35  ; v35 = 125
    v37 = atomic_load.i8 notrap aligned v36
    v38 = iconst.i8 0
    v39 = icmp ne v37, v38  ; v38 = 0
    brif v39, block13, block14

block14:
    v40 = iadd.i64 v2, v5
    v41 = iconst.i64 0
    v42 = iconst.i64 1
    v43 = icmp.i64 eq v4, v41  ; v41 = 0
    brif v43, block15, block16

block16:
    v44 = isub.i64 v4, v42  ; v42 = 1
    v45 = iadd.i64 v3, v22
    jump block4

block13 cold:
    v46 = iconst.i64 2
    store.i64 notrap aligned v2, v47
    store.i64 notrap aligned v3, v47+16
    store.i64 notrap aligned v4, v47+32
    store.i64 notrap aligned v22, v47+48
    store.i64 notrap aligned v5, v47+64
    return v46  ; v46 = 2

block15 cold:
    v48 = iconst.i64 3
    store.i64 notrap aligned v40, v49
    store.i64 notrap aligned v3, v49+16
    store.i64 notrap aligned v4, v49+32
    store.i64 notrap aligned v22, v49+48
    store.i64 notrap aligned v5, v49+64
    return v48  ; v48 = 3

block4:
    jump block3(v40, v45, v44, v45, v52)
}
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v7 = load.i64 notrap aligned v1
    v8 = load.i32 notrap aligned v1+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block5, block6

block6:
    v12 = load.i64 notrap aligned v1+16
    v13 = load.i32 notrap aligned v1+24
    v53 = iconst.i32 3
    v54 = icmp ne v13, v53  ; v53 = 3
    brif v54, block7, block8

block8:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v55 = iconst.i32 3
    v56 = icmp ne v18, v55  ; v55 = 3
    brif v56, block7, block9

block9:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v57 = iconst.i32 3
    v58 = icmp ne v23, v57  ; v57 = 3
    brif v58, block7, block10

block10:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v59 = iconst.i32 3
    v60 = icmp ne v28, v59  ; v59 = 3
    brif v60, block7, block11

block11:
    jump block2

block5 cold:
    v68 = iconst.i64 0
    jump block12(v68)  ; v68 = 0

block12(v32: i64) cold:
    return v32

block7 cold:
    v67 = iconst.i64 1
    jump block12(v67)  ; v67 = 1

block2:
    v35 = iconst.i64 125
    v36 = iadd.i64 v0, v35  ; v35 = 125
    v41 = iconst.i64 0
    v42 = iconst.i64 1
    jump block3(v7, v12, v17, v27)

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v61 = iadd.i64 v0, v35  ; v35 = 125
    v37 = atomic_load.i8 notrap aligned v61
    brif v37, block13, block14

block14:
    v62 = iconst.i64 0
    v63 = icmp.i64 eq v4, v62  ; v62 = 0
    brif v63, block15, block16

block16:
    jump block4

block13 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v22, v1+48
    store.i64 notrap aligned v5, v1+64
    v46 = iconst.i64 2
    return v46  ; v46 = 2

block15 cold:
    v66 = iadd.i64 v2, v5
    store notrap aligned v66, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v22, v1+48
    store.i64 notrap aligned v5, v1+64
    v48 = iconst.i64 3
    return v48  ; v48 = 3

block4:
    v40 = iadd.i64 v2, v5
    v45 = iadd.i64 v3, v22
    v64 = iconst.i64 1
    v65 = isub.i64 v4, v64  ; v64 = 1
    jump block3(v40, v45, v65, v45)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
block0:
  jmp     label1
block1:
  movq (%rsi), %r8
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label19; j label2
block2:
  movq 0x10(%rsi), %r10
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label3; j label4
block4:
  movq 0x20(%rsi), %rax
  movl 0x28(%rsi), %ecx
  cmpl $0x3, %ecx
  jnz     label5; j label6
block6:
  movq 0x30(%rsi), %rcx
  movl 0x38(%rsi), %edx
  cmpl $0x3, %edx
  jnz     label7; j label8
block8:
  movq 0x40(%rsi), %rdx
  movl 0x48(%rsi), %r9d
  cmpl $0x3, %r9d
  jnz     label9; j label10
block10:
  jmp     label11
block11:
  jmp     label12
block12:
  movzbq 0x7d(%rdi), %r9
  testb %r9b, %r9b
  jnz     label17; j label13
block13:
  testq %rax, %rax
  jz      label16; j label14
block14:
  jmp     label15
block15:
  leaq (%r8, %rdx), %r8
  leaq (%r10, %rcx), %r10
  subq $0x1, %rax
  movq %r10, %rdx
  jmp     label12
block3:
  jmp     label18
block5:
  jmp     label18
block7:
  jmp     label18
block9:
  jmp     label18
block16:
  leaq (%r8, %rdx), %rdi
  movq %rdi, (%rsi)
  movq %r10, 0x10(%rsi)
  movq %rax, 0x20(%rsi)
  movq %rcx, 0x30(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x3, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block17:
  movq %r8, (%rsi)
  movq %r10, 0x10(%rsi)
  movq %rax, 0x20(%rsi)
  movq %rcx, 0x30(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block18:
  movl $0x1, %eax
  jmp     label20
block19:
  uninit  %rax
  xorq %rax, %rax
  jmp     label20
block20:
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  b label1
block1:
  ldr x5, [x1]
  ldr w2, [x1, #8]
  subs wzr, w2, #3
  b.ne label19 ; b label2
block2:
  ldr x10, [x1, #16]
  ldr w2, [x1, #24]
  subs wzr, w2, #3
  b.ne label3 ; b label4
block4:
  ldr x2, [x1, #32]
  ldr w3, [x1, #40]
  subs wzr, w3, #3
  b.ne label5 ; b label6
block6:
  ldr x3, [x1, #48]
  ldr w4, [x1, #56]
  subs wzr, w4, #3
  b.ne label7 ; b label8
block8:
  ldr x4, [x1, #64]
  ldr w6, [x1, #72]
  subs wzr, w6, #3
  b.ne label9 ; b label10
block10:
  b label11
block11:
  b label12
block12:
  add x6, x0, #125
  ldarb w6, [x6]
  ands wzr, w6, #255
  b.ne label17 ; b label13
block13:
  cbz x2, label16 ; b label14
block14:
  b label15
block15:
  add x5, x5, x4
  add x10, x10, x3
  sub x2, x2, #1
  mov x4, x10
  b label12
block3:
  b label18
block5:
  b label18
block7:
  b label18
block9:
  b label18
block16:
  add x0, x5, x4
  str x0, [x1]
  str x10, [x1, #16]
  str x2, [x1, #32]
  str x3, [x1, #48]
  str x4, [x1, #64]
  movz x0, #3
  ldp fp, lr, [sp], #16
  ret
block17:
  str x5, [x1]
  str x10, [x1, #16]
  str x2, [x1, #32]
  str x3, [x1, #48]
  str x4, [x1, #64]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block18:
  movz x0, #1
  b label20
block19:
  movz x0, #0
  b label20
block20:
  ldp fp, lr, [sp], #16
  ret
]==]
