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
    jump block1

block1:
    v7 = load.i64 notrap aligned v6
    v8 = load.i32 notrap aligned v6+8
    v9 = iconst.i32 3
    v10 = icmp ne v8, v9  ; v9 = 3
    brif v10, block5(v6), block6

block6:
    v12 = load.i64 notrap aligned v11+16
    v13 = load.i32 notrap aligned v11+24
    v14 = iconst.i32 3
    v15 = icmp ne v13, v14  ; v14 = 3
    brif v15, block5(v11), block7

block7:
    v17 = load.i64 notrap aligned v16+32
    v18 = load.i32 notrap aligned v16+40
    v19 = iconst.i32 3
    v20 = icmp ne v18, v19  ; v19 = 3
    brif v20, block5(v16), block8

block8:
    v22 = load.i64 notrap aligned v21+48
    v23 = load.i32 notrap aligned v21+56
    v24 = iconst.i32 3
    v25 = icmp ne v23, v24  ; v24 = 3
    brif v25, block5(v21), block9

block9:
    v27 = load.i64 notrap aligned v26+64
    v28 = load.i32 notrap aligned v26+72
    v29 = iconst.i32 3
    v30 = icmp ne v28, v29  ; v29 = 3
    brif v30, block5(v26), block10

block10:
    jump block2

block5(v32: i64) cold:
    v31 = iconst.i64 0
    return v31  ; v31 = 0

block2:
    jump block3(v7, v12, v17, v27, v26)

block3(v2: i64, v3: i64, v4: i64, v5: i64, v48: i64):
    v45 -> v48
    v47 -> v48
    v49 -> v48
    v33 = iconst.i64 125
    v34 = iadd.i64 v0, v33  ; v33 = 125
    v35 = atomic_load.i8 notrap aligned v34
    v36 = iconst.i8 0
    v37 = icmp ne v35, v36  ; v36 = 0
    brif v37, block11, block12

block12:
    v38 = iadd.i64 v2, v5
    v39 = iconst.i64 0
    v40 = iconst.i64 1
    v41 = icmp.i64 eq v4, v39  ; v39 = 0
    brif v41, block13, block14

block14:
    v42 = isub.i64 v4, v40  ; v40 = 1
    v43 = iadd.i64 v3, v22
    jump block4

block11 cold:
    v44 = iconst.i64 1
    store.i64 notrap aligned v2, v45
    store.i64 notrap aligned v3, v45+16
    store.i64 notrap aligned v4, v45+32
    store.i64 notrap aligned v22, v45+48
    store.i64 notrap aligned v5, v45+64
    return v44  ; v44 = 1

block13 cold:
    v46 = iconst.i64 2
    store.i64 notrap aligned v38, v47
    store.i64 notrap aligned v3, v47+16
    store.i64 notrap aligned v4, v47+32
    store.i64 notrap aligned v22, v47+48
    store.i64 notrap aligned v5, v47+64
    return v46  ; v46 = 2

block4:
    jump block3(v38, v43, v42, v43, v49)
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
    v50 = iconst.i32 3
    v51 = icmp ne v13, v50  ; v50 = 3
    brif v51, block5, block7

block7:
    v17 = load.i64 notrap aligned v1+32
    v18 = load.i32 notrap aligned v1+40
    v52 = iconst.i32 3
    v53 = icmp ne v18, v52  ; v52 = 3
    brif v53, block5, block8

block8:
    v22 = load.i64 notrap aligned v1+48
    v23 = load.i32 notrap aligned v1+56
    v54 = iconst.i32 3
    v55 = icmp ne v23, v54  ; v54 = 3
    brif v55, block5, block9

block9:
    v27 = load.i64 notrap aligned v1+64
    v28 = load.i32 notrap aligned v1+72
    v56 = iconst.i32 3
    v57 = icmp ne v28, v56  ; v56 = 3
    brif v57, block5, block10

block10:
    jump block2

block5 cold:
    v65 = iconst.i64 0
    return v65  ; v65 = 0

block2:
    v33 = iconst.i64 125
    v34 = iadd.i64 v0, v33  ; v33 = 125
    v39 = iconst.i64 0
    v40 = iconst.i64 1
    jump block3(v7, v12, v17, v27)

block3(v2: i64, v3: i64, v4: i64, v5: i64):
    v58 = iadd.i64 v0, v33  ; v33 = 125
    v35 = atomic_load.i8 notrap aligned v58
    brif v35, block11, block12

block12:
    v59 = iconst.i64 0
    v60 = icmp.i64 eq v4, v59  ; v59 = 0
    brif v60, block13, block14

block14:
    jump block4

block11 cold:
    store.i64 notrap aligned v2, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v22, v1+48
    store.i64 notrap aligned v5, v1+64
    v64 = iconst.i64 1
    return v64  ; v64 = 1

block13 cold:
    v63 = iadd.i64 v2, v5
    store notrap aligned v63, v1
    store.i64 notrap aligned v3, v1+16
    store.i64 notrap aligned v4, v1+32
    store.i64 notrap aligned v22, v1+48
    store.i64 notrap aligned v5, v1+64
    v46 = iconst.i64 2
    return v46  ; v46 = 2

block4:
    v38 = iadd.i64 v2, v5
    v43 = iadd.i64 v3, v22
    v61 = iconst.i64 1
    v62 = isub.i64 v4, v61  ; v61 = 1
    jump block3(v38, v43, v62, v43)
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
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %r10
  movl 0x18(%rsi), %eax
  cmpl $0x3, %eax
  jnz     label4; j label5
block5:
  movq 0x20(%rsi), %rax
  movl 0x28(%rsi), %ecx
  cmpl $0x3, %ecx
  jnz     label6; j label7
block7:
  movq 0x30(%rsi), %rcx
  movl 0x38(%rsi), %edx
  cmpl $0x3, %edx
  jnz     label8; j label9
block9:
  movq 0x40(%rsi), %rdx
  movl 0x48(%rsi), %r9d
  cmpl $0x3, %r9d
  jnz     label10; j label11
block11:
  jmp     label12
block12:
  jmp     label13
block13:
  movzbq 0x7d(%rdi), %r9
  testb %r9b, %r9b
  jnz     label18; j label14
block14:
  testq %rax, %rax
  jz      label17; j label15
block15:
  jmp     label16
block16:
  leaq (%r8, %rdx), %r8
  leaq (%r10, %rcx), %r10
  subq $0x1, %rax
  movq %r10, %rdx
  jmp     label13
block2:
  jmp     label19
block4:
  jmp     label19
block6:
  jmp     label19
block8:
  jmp     label19
block10:
  jmp     label19
block17:
  leaq (%r8, %rdx), %rdi
  movq %rdi, (%rsi)
  movq %r10, 0x10(%rsi)
  movq %rax, 0x20(%rsi)
  movq %rcx, 0x30(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block18:
  movq %r8, (%rsi)
  movq %r10, 0x10(%rsi)
  movq %rax, 0x20(%rsi)
  movq %rcx, 0x30(%rsi)
  movq %rdx, 0x40(%rsi)
  movl $0x1, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block19:
  uninit  %rax
  xorq %rax, %rax
  movq %rbp, %rsp
  popq %rbp
  retq
---- code for aarch64
  stp fp, lr, [sp, #-16]!
  mov fp, sp
block0:
  b label1
block1:
  ldr x4, [x1]
  ldr w2, [x1, #8]
  subs wzr, w2, #3
  b.ne label2 ; b label3
block3:
  ldr x10, [x1, #16]
  ldr w2, [x1, #24]
  subs wzr, w2, #3
  b.ne label4 ; b label5
block5:
  ldr x2, [x1, #32]
  ldr w3, [x1, #40]
  subs wzr, w3, #3
  b.ne label6 ; b label7
block7:
  ldr x3, [x1, #48]
  ldr w5, [x1, #56]
  subs wzr, w5, #3
  b.ne label8 ; b label9
block9:
  ldr x5, [x1, #64]
  ldr w6, [x1, #72]
  subs wzr, w6, #3
  b.ne label10 ; b label11
block11:
  b label12
block12:
  b label13
block13:
  add x6, x0, #125
  ldarb w6, [x6]
  ands wzr, w6, #255
  b.ne label18 ; b label14
block14:
  cbz x2, label17 ; b label15
block15:
  b label16
block16:
  add x4, x4, x5
  add x10, x10, x3
  sub x2, x2, #1
  mov x5, x10
  b label13
block2:
  b label19
block4:
  b label19
block6:
  b label19
block8:
  b label19
block10:
  b label19
block17:
  add x0, x4, x5
  str x0, [x1]
  str x10, [x1, #16]
  str x2, [x1, #32]
  str x3, [x1, #48]
  str x5, [x1, #64]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block18:
  str x4, [x1]
  str x10, [x1, #16]
  str x2, [x1, #32]
  str x3, [x1, #48]
  str x5, [x1, #64]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block19:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
