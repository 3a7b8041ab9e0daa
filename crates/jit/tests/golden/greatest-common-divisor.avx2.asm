; Shape { isa: Avx2, vectors: 4, spills: 7, code_bytes: 2845 }
; 7fffffffffffffff NaN
; 7fffffffffffffff NaN
; 7fffffffffffffff NaN
; 7fffffffffffffff NaN
; ffffffffffffffff NaN
; ffffffffffffffff NaN
; ffffffffffffffff NaN
; ffffffffffffffff NaN
; 0000000000000000 0.0
; 0000000000000000 0.0
; 0000000000000000 0.0
; 0000000000000000 0.0
; 4330000000000000 4503599627370496.0
; 4330000000000000 4503599627370496.0
; 4330000000000000 4503599627370496.0
; 4330000000000000 4503599627370496.0
; 7ff0000000000000 inf
; 7ff0000000000000 inf
; 7ff0000000000000 inf
; 7ff0000000000000 inf
; 4340000000000000 9007199254740992.0
; 4340000000000000 9007199254740992.0
; 4340000000000000 9007199254740992.0
; 4340000000000000 9007199254740992.0
; 7830000000000000 8.452712498170644e270
; 7830000000000000 8.452712498170644e270
; 7830000000000000 8.452712498170644e270
; 7830000000000000 8.452712498170644e270
; 39b0000000000000 7.888609052210118e-31
; 39b0000000000000 7.888609052210118e-31
; 39b0000000000000 7.888609052210118e-31
; 39b0000000000000 7.888609052210118e-31
; 3ff0000000000000 1.0
; 3ff0000000000000 1.0
; 3ff0000000000000 1.0
; 3ff0000000000000 1.0
; 41a0000002000000 134217729.0
; 41a0000002000000 134217729.0
; 41a0000002000000 134217729.0
; 41a0000002000000 134217729.0
; 4630000000000000 1.2676506002282294e30
; 4630000000000000 1.2676506002282294e30
; 4630000000000000 1.2676506002282294e30
; 4630000000000000 1.2676506002282294e30
; 3cb0000000000000 2.220446049250313e-16
; 3cb0000000000000 2.220446049250313e-16
; 3cb0000000000000 2.220446049250313e-16
; 3cb0000000000000 2.220446049250313e-16
; 7ff8000000000000 NaN
; 7ff8000000000000 NaN
; 7ff8000000000000 NaN
; 7ff8000000000000 NaN
; 8000000000000000 -0.0
; 8000000000000000 -0.0
; 8000000000000000 -0.0
; 8000000000000000 -0.0
01c0 sub rsp,0B8h
01c7 vmovupd ymm0,[rcx]
01cc vmovupd ymm1,[rcx+40h]
01d1 vmovupd ymm2,[rcx+20h]
01d6 vandpd ymm2,ymm2,[0]
01de vandpd ymm3,ymm0,[0]
01e6 vmovapd ymm4,ymm3
01ea vmovapd ymm5,ymm2
01ee vcmpgt_oqpd ymm6,ymm2,[40h]
01f7 vcmplt_oqpd ymm7,ymm4,[60h]
0200 vroundpd ymm8,ymm4,0Bh
0206 vcmpeqpd ymm8,ymm8,ymm4
020b vandpd ymm7,ymm7,ymm8
0210 vcmplt_oqpd ymm8,ymm2,[60h]
0219 vroundpd ymm9,ymm2,0Bh
021f vcmpeqpd ymm9,ymm9,ymm2
0224 vandpd ymm8,ymm8,ymm9
0229 vandpd ymm7,ymm7,ymm8
022e vandpd ymm7,ymm6,ymm7
0232 vdivpd ymm8,ymm4,ymm2
0236 vroundpd ymm8,ymm8,0Bh
023c vmulpd ymm8,ymm8,ymm2
0240 vsubpd ymm8,ymm4,ymm8
0245 vblendvpd ymm4,ymm4,ymm8,ymm7
024b vandnpd ymm1,ymm7,ymm1
024f vmovmskpd r11d,ymm1
0253 test r11d,r11d
0256 je 000000000000046Dh
025c vcmplt_oqpd ymm8,ymm4,[80h]
0265 vandpd ymm14,ymm8,ymm6
0269 vmovupd [rsp],ymm14
026f vandpd ymm1,ymm1,[rsp]
0275 vmovmskpd r11d,ymm1
0279 test r11d,r11d
027c je 0000000000000451h
0282 vcmpge_oqpd ymm8,ymm4,ymm2
0287 vandpd ymm1,ymm1,ymm8
028c vmovmskpd r11d,ymm1
0290 test r11d,r11d
0293 je 0000000000000451h
0299 vmovapd ymm8,ymm2
029d vmovapd ymm9,ymm1
02a1 vdivpd ymm10,ymm4,ymm8
02a6 vcmplt_oqpd ymm10,ymm10,[0A0h]
02af vandpd ymm10,ymm9,ymm10
02b4 vmovmskpd r11d,ymm10
02b9 test r11d,r11d
02bc je 00000000000002DBh
02c2 vblendvpd ymm5,ymm5,ymm8,ymm10
02c8 vandnpd ymm9,ymm10,ymm9
02cd vmovmskpd r11d,ymm9
02d2 test r11d,r11d
02d5 je 00000000000002F2h
02db vmulpd ymm8,ymm8,[60h]
02e3 cmp dword ptr [r10],0
02e7 jne 0000000000000480h
02ed jmp 00000000000002A1h
02f2 vmovupd [rsp+20h],ymm3
02f8 vmovapd ymm8,ymm5
02fc vmovupd [rsp+40h],ymm1
0302 vmovupd ymm14,[rsp+20h]
0308 vcmpgt_oqpd ymm14,ymm14,[0C0h]
0311 vmovupd [rsp+60h],ymm14
0317 vmovupd ymm10,[100h]
031f vmovupd ymm14,[rsp+60h]
0325 vblendvpd ymm10,ymm10,[0E0h],ymm14
032f vmovupd ymm14,[rsp+20h]
0335 vmulpd ymm11,ymm14,ymm10
033a vmulpd ymm10,ymm8,ymm10
033f vdivpd ymm12,ymm11,ymm10
0344 vroundpd ymm12,ymm12,0Bh
034a vmulpd ymm13,ymm12,ymm10
034f vmulpd ymm1,ymm12,[120h]
0357 vsubpd ymm9,ymm1,ymm12
035c vsubpd ymm1,ymm1,ymm9
0361 vsubpd ymm9,ymm12,ymm1
0365 vmulpd ymm12,ymm10,[120h]
036d vsubpd ymm6,ymm12,ymm10
0372 vsubpd ymm6,ymm12,ymm6
0376 vsubpd ymm12,ymm10,ymm6
037a vmulpd ymm3,ymm1,ymm6
037e vsubpd ymm3,ymm3,ymm13
0383 vmulpd ymm1,ymm1,ymm12
0388 vaddpd ymm1,ymm3,ymm1
038c vmulpd ymm3,ymm9,ymm6
0390 vaddpd ymm1,ymm1,ymm3
0394 vmulpd ymm3,ymm9,ymm12
0399 vaddpd ymm1,ymm1,ymm3
039d vsubpd ymm3,ymm11,ymm13
03a2 vsubpd ymm1,ymm3,ymm1
03a6 vcmplt_oqpd ymm3,ymm1,[40h]
03af vaddpd ymm6,ymm1,ymm10
03b4 vblendvpd ymm1,ymm1,ymm6,ymm3
03ba vmovupd ymm3,[100h]
03c2 vmovupd ymm14,[rsp+60h]
03c8 vblendvpd ymm3,ymm3,[140h],ymm14
03d2 vmulpd ymm1,ymm1,ymm3
03d6 vmovupd ymm14,[rsp+20h]
03dc vcmplt_oqpd ymm3,ymm14,ymm8
03e2 vblendvpd ymm14,ymm1,[rsp+20h],ymm3
03ea vmovupd [rsp+20h],ymm14
03f0 vcmpeqpd ymm1,ymm8,ymm2
03f5 vmovupd ymm14,[rsp+40h]
03fb vandpd ymm1,ymm14,ymm1
03ff vmovmskpd r11d,ymm1
0403 test r11d,r11d
0406 je 000000000000043Ah
040c vblendvpd ymm4,ymm4,[rsp+20h],ymm1
0414 vblendvpd ymm5,ymm5,ymm8,ymm1
041a vandnpd ymm14,ymm1,[rsp+40h]
0420 vmovupd [rsp+40h],ymm14
0426 vmovupd ymm14,[rsp+40h]
042c vmovmskpd r11d,ymm14
0431 test r11d,r11d
0434 je 0000000000000451h
043a vmulpd ymm8,ymm8,[160h]
0442 cmp dword ptr [r10],0
0446 jne 0000000000000480h
044c jmp 0000000000000302h
0451 vmovupd ymm14,[rsp]
0457 vxorpd ymm1,ymm14,[20h]
045f vandnpd ymm1,ymm7,ymm1
0463 vblendvpd ymm4,ymm4,[180h],ymm1
046d vxorpd ymm1,ymm4,[1A0h]
0475 vblendvpd ymm4,ymm4,ymm1,ymm0
047b vmovupd [rcx],ymm4
0480 add rsp,0B8h
0487 ret
0488 int3
0489 int3
048a int3
048b int3
048c int3
048d int3
048e int3
048f int3
0490 int3
0491 int3
0492 int3
0493 int3
0494 int3
0495 int3
0496 int3
0497 int3
0498 int3
0499 int3
049a int3
049b int3
049c int3
049d int3
049e int3
049f int3
04a0 int3
04a1 int3
04a2 int3
04a3 int3
04a4 int3
04a5 int3
04a6 int3
04a7 int3
04a8 int3
04a9 int3
04aa int3
04ab int3
04ac int3
04ad int3
04ae int3
04af int3
04b0 int3
04b1 int3
04b2 int3
04b3 int3
04b4 int3
04b5 int3
04b6 int3
04b7 int3
04b8 int3
04b9 int3
04ba int3
04bb int3
04bc int3
04bd int3
04be int3
04bf int3
entry:
04c0 push rbp
04c1 push rbx
04c2 push r12
04c4 push r13
04c6 push r14
04c8 push r15
04ca mov rbp,rsp
04cd and rsp,0FFFFFFFFFFFFFFC0h
04d1 sub rsp,2C0h
04d8 mov r11,[rdi]
04dc mov rdx,[r11]
04e0 mov rsi,[r11+8]
04e4 mov r8,[rdi+10h]
04e8 mov r9,[rdi+8]
04ec mov r10,[rdi+28h]
04f0 xor eax,eax
04f2 vmovupd ymm0,[rdx+rax]
04f8 vandpd ymm14,ymm0,[0]
0500 vmovupd [rsp+60h],ymm14
0506 vmovupd ymm14,[rsp+60h]
050c vmovupd [rsp+80h],ymm14
0515 vmovupd ymm2,[rsi+rax]
051b vandpd ymm2,ymm2,[0]
0523 vmovupd ymm3,[20h]
052b vmovupd ymm4,[rdx+rax+20h]
0531 vandpd ymm14,ymm4,[0]
0539 vmovupd [rsp+0A0h],ymm14
0542 vmovupd ymm14,[rsp+0A0h]
054b vmovupd [rsp+0C0h],ymm14
0554 vmovupd ymm6,[rsi+rax+20h]
055a vandpd ymm6,ymm6,[0]
0562 vmovupd ymm7,[20h]
056a vmovupd ymm8,[rdx+rax+40h]
0570 vandpd ymm14,ymm8,[0]
0578 vmovupd [rsp+0E0h],ymm14
0581 vmovupd ymm14,[rsp+0E0h]
058a vmovupd [rsp+100h],ymm14
0593 vmovupd ymm10,[rsi+rax+40h]
0599 vandpd ymm10,ymm10,[0]
05a1 vmovupd ymm11,[20h]
05a9 vmovupd ymm12,[rdx+rax+60h]
05af vandpd ymm12,ymm12,[0]
05b7 vmovupd [rsp+120h],ymm12
05c0 vmovupd ymm1,[rsi+rax+60h]
05c6 vandpd ymm1,ymm1,[0]
05ce vmovupd ymm5,[20h]
05d6 vcmpngt_uqpd ymm9,ymm2,[40h]
05df vandpd ymm9,ymm3,ymm9
05e4 vcmpngt_uqpd ymm13,ymm6,[40h]
05ed vandpd ymm13,ymm7,ymm13
05f2 vcmpngt_uqpd ymm0,ymm10,[40h]
05fb vandpd ymm0,ymm11,ymm0
05ff vcmpngt_uqpd ymm4,ymm1,[40h]
0608 vandpd ymm4,ymm5,ymm4
060c vorpd ymm8,ymm9,ymm13
0611 vorpd ymm8,ymm8,ymm0
0615 vorpd ymm8,ymm8,ymm4
0619 vmovmskpd r11d,ymm8
061e test r11d,r11d
0621 je 00000000000006BEh
0627 vmovupd ymm14,[rsp+80h]
0630 vblendvpd ymm14,ymm14,[rsp+60h],ymm9
0638 vmovupd [rsp+80h],ymm14
0641 vandnpd ymm3,ymm9,ymm3
0645 vmovupd ymm14,[rsp+0C0h]
064e vblendvpd ymm14,ymm14,[rsp+0A0h],ymm13
0659 vmovupd [rsp+0C0h],ymm14
0662 vandnpd ymm7,ymm13,ymm7
0666 vmovupd ymm14,[rsp+100h]
066f vblendvpd ymm14,ymm14,[rsp+0E0h],ymm0
067a vmovupd [rsp+100h],ymm14
0683 vandnpd ymm11,ymm0,ymm11
0688 vmovupd ymm14,[rsp+120h]
0691 vblendvpd ymm14,ymm14,ymm12,ymm4
0697 vmovupd [rsp+120h],ymm14
06a0 vandnpd ymm5,ymm4,ymm5
06a4 vorpd ymm0,ymm3,ymm7
06a8 vorpd ymm0,ymm0,ymm11
06ad vorpd ymm0,ymm0,ymm5
06b1 vmovmskpd r11d,ymm0
06b5 test r11d,r11d
06b8 je 0000000000000ABCh
06be vmovmskpd r11d,ymm3
06c2 test r11d,r11d
06c5 je 0000000000000793h
06cb vmovupd ymm14,[rsp+60h]
06d1 vmovupd [rsp],ymm14
06d7 vmovupd [rsp+20h],ymm2
06dd vmovupd [rsp+40h],ymm3
06e3 vmovupd [rsp+140h],ymm2
06ec vmovupd [rsp+160h],ymm6
06f5 vmovupd [rsp+180h],ymm10
06fe vmovupd [rsp+1A0h],ymm1
0707 vmovupd [rsp+1C0h],ymm12
0710 vmovupd [rsp+1E0h],ymm3
0719 vmovupd [rsp+200h],ymm7
0722 vmovupd [rsp+220h],ymm11
072b vmovupd [rsp+240h],ymm5
0734 mov rcx,rsp
0737 call 00000000000001C0h
073c vmovupd ymm2,[rsp+140h]
0745 vmovupd ymm6,[rsp+160h]
074e vmovupd ymm10,[rsp+180h]
0757 vmovupd ymm1,[rsp+1A0h]
0760 vmovupd ymm12,[rsp+1C0h]
0769 vmovupd ymm3,[rsp+1E0h]
0772 vmovupd ymm7,[rsp+200h]
077b vmovupd ymm11,[rsp+220h]
0784 vmovupd ymm5,[rsp+240h]
078d vmovupd ymm0,[rsp]
0793 vmovmskpd r11d,ymm7
0797 test r11d,r11d
079a je 000000000000087Dh
07a0 vmovupd ymm14,[rsp+0A0h]
07a9 vmovupd [rsp],ymm14
07af vmovupd [rsp+20h],ymm6
07b5 vmovupd [rsp+40h],ymm7
07bb vmovupd [rsp+140h],ymm2
07c4 vmovupd [rsp+160h],ymm6
07cd vmovupd [rsp+180h],ymm10
07d6 vmovupd [rsp+1A0h],ymm1
07df vmovupd [rsp+1C0h],ymm12
07e8 vmovupd [rsp+1E0h],ymm3
07f1 vmovupd [rsp+200h],ymm7
07fa vmovupd [rsp+220h],ymm11
0803 vmovupd [rsp+240h],ymm5
080c vmovupd [rsp+260h],ymm0
0815 mov rcx,rsp
0818 call 00000000000001C0h
081d vmovupd ymm2,[rsp+140h]
0826 vmovupd ymm6,[rsp+160h]
082f vmovupd ymm10,[rsp+180h]
0838 vmovupd ymm1,[rsp+1A0h]
0841 vmovupd ymm12,[rsp+1C0h]
084a vmovupd ymm3,[rsp+1E0h]
0853 vmovupd ymm7,[rsp+200h]
085c vmovupd ymm11,[rsp+220h]
0865 vmovupd ymm5,[rsp+240h]
086e vmovupd ymm0,[rsp+260h]
0877 vmovupd ymm4,[rsp]
087d vmovmskpd r11d,ymm11
0882 test r11d,r11d
0885 je 000000000000097Ah
088b vmovupd ymm14,[rsp+0E0h]
0894 vmovupd [rsp],ymm14
089a vmovupd [rsp+20h],ymm10
08a0 vmovupd [rsp+40h],ymm11
08a6 vmovupd [rsp+140h],ymm2
08af vmovupd [rsp+160h],ymm6
08b8 vmovupd [rsp+180h],ymm10
08c1 vmovupd [rsp+1A0h],ymm1
08ca vmovupd [rsp+1C0h],ymm12
08d3 vmovupd [rsp+1E0h],ymm3
08dc vmovupd [rsp+200h],ymm7
08e5 vmovupd [rsp+220h],ymm11
08ee vmovupd [rsp+240h],ymm5
08f7 vmovupd [rsp+260h],ymm0
0900 vmovupd [rsp+280h],ymm4
0909 mov rcx,rsp
090c call 00000000000001C0h
0911 vmovupd ymm2,[rsp+140h]
091a vmovupd ymm6,[rsp+160h]
0923 vmovupd ymm10,[rsp+180h]
092c vmovupd ymm1,[rsp+1A0h]
0935 vmovupd ymm12,[rsp+1C0h]
093e vmovupd ymm3,[rsp+1E0h]
0947 vmovupd ymm7,[rsp+200h]
0950 vmovupd ymm11,[rsp+220h]
0959 vmovupd ymm5,[rsp+240h]
0962 vmovupd ymm0,[rsp+260h]
096b vmovupd ymm4,[rsp+280h]
0974 vmovupd ymm8,[rsp]
097a vmovmskpd r11d,ymm5
097e test r11d,r11d
0981 je 0000000000000A7Fh
0987 vmovupd [rsp],ymm12
098d vmovupd [rsp+20h],ymm1
0993 vmovupd [rsp+40h],ymm5
0999 vmovupd [rsp+140h],ymm2
09a2 vmovupd [rsp+160h],ymm6
09ab vmovupd [rsp+180h],ymm10
09b4 vmovupd [rsp+1A0h],ymm1
09bd vmovupd [rsp+1C0h],ymm12
09c6 vmovupd [rsp+1E0h],ymm3
09cf vmovupd [rsp+200h],ymm7
09d8 vmovupd [rsp+220h],ymm11
09e1 vmovupd [rsp+240h],ymm5
09ea vmovupd [rsp+260h],ymm0
09f3 vmovupd [rsp+280h],ymm4
09fc vmovupd [rsp+2A0h],ymm8
0a05 mov rcx,rsp
0a08 call 00000000000001C0h
0a0d vmovupd ymm2,[rsp+140h]
0a16 vmovupd ymm6,[rsp+160h]
0a1f vmovupd ymm10,[rsp+180h]
0a28 vmovupd ymm1,[rsp+1A0h]
0a31 vmovupd ymm12,[rsp+1C0h]
0a3a vmovupd ymm3,[rsp+1E0h]
0a43 vmovupd ymm7,[rsp+200h]
0a4c vmovupd ymm11,[rsp+220h]
0a55 vmovupd ymm5,[rsp+240h]
0a5e vmovupd ymm0,[rsp+260h]
0a67 vmovupd ymm4,[rsp+280h]
0a70 vmovupd ymm8,[rsp+2A0h]
0a79 vmovupd ymm9,[rsp]
0a7f vmovupd [rsp+60h],ymm2
0a85 vmovapd ymm2,ymm0
0a89 vmovupd [rsp+0A0h],ymm6
0a92 vmovapd ymm6,ymm4
0a96 vmovupd [rsp+0E0h],ymm10
0a9f vmovapd ymm10,ymm8
0aa4 vmovapd ymm12,ymm1
0aa8 vmovapd ymm1,ymm9
0aad cmp dword ptr [r10],0
0ab1 jne 0000000000000B0Ch
0ab7 jmp 00000000000005D6h
0abc vmovupd ymm14,[rsp+80h]
0ac5 vmovupd [r9+rax],ymm14
0acc vmovupd ymm14,[rsp+0C0h]
0ad5 vmovupd [r9+rax+20h],ymm14
0adc vmovupd ymm14,[rsp+100h]
0ae5 vmovupd [r9+rax+40h],ymm14
0aec vmovupd ymm14,[rsp+120h]
0af5 vmovupd [r9+rax+60h],ymm14
0afc add rax,80h
0b03 cmp rax,r8
0b06 jb 00000000000004F2h
0b0c vzeroupper
0b0f mov rsp,rbp
0b12 pop r15
0b14 pop r14
0b16 pop r13
0b18 pop r12
0b1a pop rbx
0b1b pop rbp
0b1c ret
