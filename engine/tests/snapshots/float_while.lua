-- HIR, optimised CLIF, code
-- Float arithmetic and a comparison in a `while` loop.
local x, n = 1.0, 0.0
while x < 1e6 do
  x = x * 1.5 + 0.25
  n = n + 1
end
assert(n > 10)
--[==[ what it is compiled to
---- HIR
block0():    ; pc 3
    v0: Any = load r0
    v1: Float = guard v0    -> guard_type pc 3 [] as guard_block
    v2: Any = load r1
    v3: Float = guard v2    -> guard_type pc 3 [] as guard_block
    jump block1()
block1():    ; pc 3
    jump block2(v1, v3)
block2(v4: Float, v5: Float):    ; pc 3, loop
    v6: None = poll    -> interrupt pc 3 [r0=v4 r1=v5]
    v7: Float = float 1000000.0
    v8: Bool = lt v4 v7
    v9: None = exit_if v8 == false    -> loop_end pc 13 [r0=v4 r1=v5 r2=v7]
    jump block3()
block3():    ; pc 6
    v10: Float = float 1.5
    v11: Float = mul v4 v10
    v12: Float = float 0.25
    v13: Float = add v11 v12
    v14: Int = int 1
    v15: Float = int_to_float v14
    v16: Float = add v5 v15
    jump block4()
block4():    ; pc 12
    jump block2(v13, v16)
---- optimised CLIF
function u0:0(i64, i64) -> i64 system_v {

block0(v0: i64, v1: i64):
    jump block1

block1:
    v5 = load.i64 notrap aligned v1
    v6 = load.i32 notrap aligned v1+8
    v7 = iconst.i32 19
    v8 = icmp ne v6, v7  ; v7 = 19
    brif v8, block6, block7

block7:
    v11 = load.i64 notrap aligned v1+16
    v12 = load.i32 notrap aligned v1+24
    v41 = iconst.i32 19
    v42 = icmp ne v12, v41  ; v41 = 19
    brif v42, block6, block8

block8:
    jump block2

block6 cold:
    v16 = iconst.i64 0
    return v16  ; v16 = 0

block2:
    v9 = bitcast.f64 v5
    v15 = bitcast.f64 v11
    v18 = iconst.i64 125
    v19 = iadd.i64 v0, v18  ; v18 = 125
    v23 = f64const 0x1.e848000000000p19
    v30 = f64const 0x1.8000000000000p0
    v32 = f64const 0x1.0000000000000p-2
    v39 = f64const 0x1.0000000000000p0
    jump block3(v9, v15)

block3(v2: f64, v3: f64):
    v43 = iadd.i64 v0, v18  ; v18 = 125
    v20 = atomic_load.i8 notrap aligned v43
    brif v20, block9, block10

block10:
    v44 = f64const 0x1.e848000000000p19
    v45 = fcmp.f64 uge v2, v44  ; v44 = 0x1.e848000000000p19
    brif v45, block11, block12

block12:
    jump block4

block9 cold:
    store.f64 notrap aligned v2, v1
    store.f64 notrap aligned v3, v1+16
    v34 = iconst.i64 1
    return v34  ; v34 = 1

block11 cold:
    store.f64 notrap aligned v2, v1
    store.f64 notrap aligned v3, v1+16
    v52 = f64const 0x1.e848000000000p19
    store notrap aligned v52, v1+32  ; v52 = 0x1.e848000000000p19
    v28 = iconst.i64 2
    return v28  ; v28 = 2

block4:
    jump block5

block5:
    v46 = f64const 0x1.8000000000000p0
    v47 = fmul.f64 v2, v46  ; v46 = 0x1.8000000000000p0
    v48 = f64const 0x1.0000000000000p-2
    v49 = fadd v47, v48  ; v48 = 0x1.0000000000000p-2
    v50 = f64const 0x1.0000000000000p0
    v51 = fadd.f64 v3, v50  ; v50 = 0x1.0000000000000p0
    jump block3(v49, v51)
}
---- code for x86-64
  pushq %rbp
  movq %rsp, %rbp
block0:
  jmp     label1
block1:
  movq (%rsi), %rax
  movl 8(%rsi), %ecx
  cmpl $0x13, %ecx
  jnz     label2; j label3
block3:
  movq 0x10(%rsi), %rcx
  movl 0x18(%rsi), %edx
  cmpl $0x13, %edx
  jnz     label4; j label5
block5:
  jmp     label6
block6:
  vmovq %rax, %xmm1
  vmovq %rcx, %xmm0
  jmp     label7
block7:
  movzbq 0x7d(%rdi), %rax
  testb %al, %al
  jnz     label13; j label8
block8:
  movabsq $0x412e848000000000, %rax
  vmovq %rax, %xmm2
  vucomisd %xmm1, %xmm2
  jbe     label12; j label9
block9:
  jmp     label10
block10:
  jmp     label11
block11:
  vmulsd (%rip), %xmm1, %xmm1
  vaddsd (%rip), %xmm1, %xmm1
  vaddsd (%rip), %xmm0, %xmm0
  jmp     label7
block2:
  jmp     label14
block4:
  jmp     label14
block12:
  vmovsd %xmm1, (%rsi)
  vmovsd %xmm0, 0x10(%rsi)
  movabsq $0x412e848000000000, %rax
  vmovq %rax, %xmm0
  vmovsd %xmm0, 0x20(%rsi)
  movl $0x2, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block13:
  vmovsd %xmm1, (%rsi)
  vmovsd %xmm0, 0x10(%rsi)
  movl $0x1, %eax
  movq %rbp, %rsp
  popq %rbp
  retq
block14:
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
  ldr x2, [x1]
  ldr w3, [x1, #8]
  subs wzr, w3, #19
  b.ne label2 ; b label3
block3:
  ldr x3, [x1, #16]
  ldr w4, [x1, #24]
  subs wzr, w4, #19
  b.ne label4 ; b label5
block5:
  b label6
block6:
  fmov d16, x2
  fmov d17, x3
  b label7
block7:
  add x2, x0, #125
  ldarb w2, [x2]
  ands wzr, w2, #255
  b.ne label13 ; b label8
block8:
  movz x2, #33920, LSL #32
  movk x2, x2, #16686, LSL #48
  fmov d0, x2
  fcmp d16, d0
  b.pl label12 ; b label9
block9:
  b label10
block10:
  b label11
block11:
  fmov d0, #1.5
  fmul d0, d16, d0
  fmov d1, #0.25
  fadd d16, d0, d1
  fmov d0, #1
  fadd d17, d17, d0
  b label7
block2:
  b label14
block4:
  b label14
block12:
  str d16, [x1]
  str d17, [x1, #16]
  movz x0, #33920, LSL #32
  movk x0, x0, #16686, LSL #48
  fmov d0, x0
  str d0, [x1, #32]
  movz x0, #2
  ldp fp, lr, [sp], #16
  ret
block13:
  str d16, [x1]
  str d17, [x1, #16]
  movz x0, #1
  ldp fp, lr, [sp], #16
  ret
block14:
  movz x0, #0
  ldp fp, lr, [sp], #16
  ret
]==]
