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
    v1: Int = guard v0    -> guard_type pc 6 []
    v2: Any = load r1
    v3: Int = guard v2    -> guard_type pc 6 []
    v4: Any = load r2
    v5: Int = guard v4    -> guard_type pc 6 []
    v6: Any = load r3
    v7: Int = guard v6    -> guard_type pc 6 []
    v8: Any = load r4
    v9: Int = guard v8    -> guard_type pc 6 []
    jump block1(v1, v3, v5, v7, v9)
block1(v10: Int, v11: Int, v12: Int, v13: Int, v14: Int):    ; pc 6, loop
    v15: None = poll    -> interrupt pc 6 [r0=v10 r1=v11 r2=v12 r3=v13 r4=v14]
    v16: Int = add v10 v14
    v17: Int = int 0
    v18: Int = int 1
    v19: Bool = eq v12 v17
    v20: None = exit_if v19 == true    -> loop_end pc 9 [r0=v16 r1=v11 r2=v12 r3=v13 r4=v14]
    v21: Int = sub v12 v18
    v22: Int = add v11 v13
    jump block1(v16, v22, v21, v13, v22)
---- CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    v8 -> v1
    v13 -> v1
    v18 -> v1
    v23 -> v1
    v28 -> v1
    jump block1

block1:
    v9 = load.i64 notrap aligned v8
    v10 = load.i32 notrap aligned v8+8
    v11 = iconst.i32 3
    v12 = icmp ne v10, v11  ; v11 = 3
    brif v12, block3, block4

block4:
    v14 = load.i64 notrap aligned v13+16
    v15 = load.i32 notrap aligned v13+24
    v16 = iconst.i32 3
    v17 = icmp ne v15, v16  ; v16 = 3
    brif v17, block3, block5

block5:
    v19 = load.i64 notrap aligned v18+32
    v20 = load.i32 notrap aligned v18+40
    v21 = iconst.i32 3
    v22 = icmp ne v20, v21  ; v21 = 3
    brif v22, block3, block6

block6:
    v24 = load.i64 notrap aligned v23+48
    v25 = load.i32 notrap aligned v23+56
    v26 = iconst.i32 3
    v27 = icmp ne v25, v26  ; v26 = 3
    brif v27, block3, block7

block7:
    v29 = load.i64 notrap aligned v28+64
    v30 = load.i32 notrap aligned v28+72
    v31 = iconst.i32 3
    v32 = icmp ne v30, v31  ; v31 = 3
    brif v32, block3, block8

block8:
    jump block2(v9, v14, v19, v24, v29, v28)

block3 cold:
    v33 = iconst.i64 0
    return v33  ; v33 = 0

block2(v3: i64, v4: i64, v5: i64, v6: i64, v7: i64, v57: i64):
    v43 -> v57
    v50 -> v57
    v58 -> v57
    v34 = load.i8 notrap aligned v2
    v35 = iconst.i8 0
    v36 = icmp ne v34, v35  ; v35 = 0
    brif v36, block9, block10

block10:
    v37 = iadd.i64 v3, v7
    v38 = iconst.i64 0
    v39 = iconst.i64 1
    v40 = icmp.i64 eq v5, v38  ; v38 = 0
    brif v40, block11, block12

block12:
    v41 = isub.i64 v5, v39  ; v39 = 1
    v42 = iadd.i64 v4, v6
    jump block2(v37, v42, v41, v6, v42, v58)

block9 cold:
    v44 = iconst.i32 3
    store.i64 notrap aligned v3, v43
    store notrap aligned v44, v43+8  ; v44 = 3
    v45 = iconst.i32 3
    store.i64 notrap aligned v4, v43+16
    store notrap aligned v45, v43+24  ; v45 = 3
    v46 = iconst.i32 3
    store.i64 notrap aligned v5, v43+32
    store notrap aligned v46, v43+40  ; v46 = 3
    v47 = iconst.i32 3
    store.i64 notrap aligned v6, v43+48
    store notrap aligned v47, v43+56  ; v47 = 3
    v48 = iconst.i32 3
    store.i64 notrap aligned v7, v43+64
    store notrap aligned v48, v43+72  ; v48 = 3
    v49 = iconst.i64 1
    return v49  ; v49 = 1

block11 cold:
    v51 = iconst.i32 3
    store.i64 notrap aligned v37, v50
    store notrap aligned v51, v50+8  ; v51 = 3
    v52 = iconst.i32 3
    store.i64 notrap aligned v4, v50+16
    store notrap aligned v52, v50+24  ; v52 = 3
    v53 = iconst.i32 3
    store.i64 notrap aligned v5, v50+32
    store notrap aligned v53, v50+40  ; v53 = 3
    v54 = iconst.i32 3
    store.i64 notrap aligned v6, v50+48
    store notrap aligned v54, v50+56  ; v54 = 3
    v55 = iconst.i32 3
    store.i64 notrap aligned v7, v50+64
    store notrap aligned v55, v50+72  ; v55 = 3
    v56 = iconst.i64 2
    return v56  ; v56 = 2
}
---- optimised CLIF
function u0:0(i64, i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64, v2: i64):
    jump block1

block1:
    v9 = load.i64 notrap aligned v1
    v10 = load.i32 notrap aligned v1+8
    v11 = iconst.i32 3
    v12 = icmp ne v10, v11  ; v11 = 3
    brif v12, block3, block4

block4:
    v14 = load.i64 notrap aligned v1+16
    v15 = load.i32 notrap aligned v1+24
    v59 = iconst.i32 3
    v60 = icmp ne v15, v59  ; v59 = 3
    brif v60, block3, block5

block5:
    v19 = load.i64 notrap aligned v1+32
    v20 = load.i32 notrap aligned v1+40
    v61 = iconst.i32 3
    v62 = icmp ne v20, v61  ; v61 = 3
    brif v62, block3, block6

block6:
    v24 = load.i64 notrap aligned v1+48
    v25 = load.i32 notrap aligned v1+56
    v63 = iconst.i32 3
    v64 = icmp ne v25, v63  ; v63 = 3
    brif v64, block3, block7

block7:
    v29 = load.i64 notrap aligned v1+64
    v30 = load.i32 notrap aligned v1+72
    v65 = iconst.i32 3
    v66 = icmp ne v30, v65  ; v65 = 3
    brif v66, block3, block8

block8:
    v38 = iconst.i64 0
    v39 = iconst.i64 1
    jump block2(v9, v14, v19, v29)

block3 cold:
    v75 = iconst.i64 0
    return v75  ; v75 = 0

block2(v3: i64, v4: i64, v5: i64, v7: i64):
    v34 = load.i8 notrap aligned v2
    brif v34, block9, block10

block10:
    v67 = iconst.i64 0
    v68 = icmp.i64 eq v5, v67  ; v67 = 0
    brif v68, block11, block12

block12:
    v37 = iadd.i64 v3, v7
    v42 = iadd.i64 v4, v24
    v69 = iconst.i64 1
    v70 = isub.i64 v5, v69  ; v69 = 1
    jump block2(v37, v42, v70, v42)

block9 cold:
    store.i64 notrap aligned v3, v1
    v73 = iconst.i32 3
    store notrap aligned v73, v1+8  ; v73 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v73, v1+24  ; v73 = 3
    store.i64 notrap aligned v5, v1+32
    store notrap aligned v73, v1+40  ; v73 = 3
    store.i64 notrap aligned v24, v1+48
    store notrap aligned v73, v1+56  ; v73 = 3
    store.i64 notrap aligned v7, v1+64
    store notrap aligned v73, v1+72  ; v73 = 3
    v74 = iconst.i64 1
    return v74  ; v74 = 1

block11 cold:
    v71 = iadd.i64 v3, v7
    store notrap aligned v71, v1
    v72 = iconst.i32 3
    store notrap aligned v72, v1+8  ; v72 = 3
    store.i64 notrap aligned v4, v1+16
    store notrap aligned v72, v1+24  ; v72 = 3
    store.i64 notrap aligned v5, v1+32
    store notrap aligned v72, v1+40  ; v72 = 3
    store.i64 notrap aligned v24, v1+48
    store notrap aligned v72, v1+56  ; v72 = 3
    store.i64 notrap aligned v7, v1+64
    store notrap aligned v72, v1+72  ; v72 = 3
    v56 = iconst.i64 2
    return v56  ; v56 = 2
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
block0:
  jmp     label1
block1:
  movq (%rsi), %rdi
  movl 8(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r10
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rcx
  movl 0x28(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %rax
  movl 0x38(%rsi), %r8d
  cmpl $0x3, %r8d
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %r8
  movl 0x48(%rsi), %r9d
  cmpl $0x3, %r9d
  jnz     label10; j label11
block11:
  jmp     label12
block12:
  movzbq (%rdx), %r9
  testb %r9b, %r9b
  jnz     label16; j label13
block13:
  testq %rcx, %rcx
  jz      label15; j label14
block14:
  leaq (%rdi, %r8), %rdi
  leaq (%r10, %rax), %r10
  subq $0x1, %rcx
  movq %r10, %r8
  jmp     label12
block2:
  jmp     label17
block4:
  jmp     label17
block6:
  jmp     label17
block8:
  jmp     label17
block10:
  jmp     label17
block15:
  leaq (%rdi, %r8), %rdx
  movq %rdx, (%rsi)
  movl $0x3, 8(%rsi)
  movq %r10, 0x10(%rsi)
  movl $0x3, 0x18(%rsi)
  movq %rcx, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %rax, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %r8, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block16:
  movq %rdi, (%rsi)
  movl $0x3, 8(%rsi)
  movq %r10, 0x10(%rsi)
  movl $0x3, 0x18(%rsi)
  movq %rcx, 0x20(%rsi)
  movl $0x3, 0x28(%rsi)
  movq %rax, 0x30(%rsi)
  movl $0x3, 0x38(%rsi)
  movq %r8, 0x40(%rsi)
  movl $0x3, 0x48(%rsi)
  movl $0x1, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block17:
  uninit  %rax
  xorq %rax, %rax
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  mov x6, x2
  b label1
block1:
  ldr x4, [x1]
  ldr w0, [x1, #8]
  subs wzr, w0, #3
  b.ne label2 ; b label3
block3:
  ldr x10, [x1, #16]
  ldr w0, [x1, #24]
  subs wzr, w0, #3
  b.ne label4 ; b label5
block5:
  ldr x2, [x1, #32]
  ldr w0, [x1, #40]
  subs wzr, w0, #3
  b.ne label6 ; b label7
block7:
  ldr x0, [x1, #48]
  ldr w3, [x1, #56]
  subs wzr, w3, #3
  b.ne label8 ; b label9
block9:
  ldr x3, [x1, #64]
  ldr w5, [x1, #72]
  subs wzr, w5, #3
  b.ne label10 ; b label11
block11:
  mov x5, x6
  b label12
block12:
  ldrb w6, [x5]
  ands wzr, w6, #255
  b.ne label16 ; b label13
block13:
  cbz x2, label15 ; b label14
block14:
  add x4, x4, x3
  add x10, x10, x0
  sub x2, x2, #1
  mov x3, x10
  b label12
block2:
  b label17
block4:
  b label17
block6:
  b label17
block8:
  b label17
block10:
  b label17
block15:
  add x4, x4, x3
  str x4, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x10, [x1, #16]
  str w4, [x1, #24]
  str x2, [x1, #32]
  str w4, [x1, #40]
  str x0, [x1, #48]
  str w4, [x1, #56]
  str x3, [x1, #64]
  str w4, [x1, #72]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block16:
  str x4, [x1]
  movz w4, #3
  str w4, [x1, #8]
  str x10, [x1, #16]
  str w4, [x1, #24]
  str x2, [x1, #32]
  str w4, [x1, #40]
  str x0, [x1, #48]
  str w4, [x1, #56]
  str x3, [x1, #64]
  str w4, [x1, #72]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block17:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
