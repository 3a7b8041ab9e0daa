; Shape { isa: Avx2, vectors: 4, spills: 7, code_bytes: 2848 }
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
0269 vmovupd [rsp+40h],ymm14
026f vandpd ymm1,ymm1,[rsp+40h]
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
02f2 vmovupd [rsp+60h],ymm3
02f8 vmovapd ymm8,ymm5
02fc vmovupd [rsp],ymm1
0302 vmovupd ymm14,[rsp+60h]
0308 vcmpgt_oqpd ymm14,ymm14,[0C0h]
0311 vmovupd [rsp+20h],ymm14
0317 vmovupd ymm10,[100h]
031f vmovupd ymm14,[rsp+20h]
0325 vblendvpd ymm10,ymm10,[0E0h],ymm14
032f vmovupd ymm14,[rsp+60h]
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
03c2 vmovupd ymm14,[rsp+20h]
03c8 vblendvpd ymm3,ymm3,[140h],ymm14
03d2 vmulpd ymm1,ymm1,ymm3
03d6 vmovupd ymm14,[rsp+60h]
03dc vcmplt_oqpd ymm3,ymm14,ymm8
03e2 vblendvpd ymm14,ymm1,[rsp+60h],ymm3
03ea vmovupd [rsp+60h],ymm14
03f0 vcmpeqpd ymm1,ymm8,ymm2
03f5 vmovupd ymm14,[rsp]
03fb vandpd ymm1,ymm14,ymm1
03ff vmovmskpd r11d,ymm1
0403 test r11d,r11d
0406 je 000000000000043Ah
040c vblendvpd ymm4,ymm4,[rsp+60h],ymm1
0414 vblendvpd ymm5,ymm5,ymm8,ymm1
041a vandnpd ymm14,ymm1,[rsp]
0420 vmovupd [rsp],ymm14
0426 vmovupd ymm14,[rsp]
042c vmovmskpd r11d,ymm14
0431 test r11d,r11d
0434 je 0000000000000451h
043a vmulpd ymm8,ymm8,[160h]
0442 cmp dword ptr [r10],0
0446 jne 0000000000000480h
044c jmp 0000000000000302h
0451 vmovupd ymm14,[rsp+40h]
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
0500 vmovupd [rsp+0E0h],ymm14
0509 vmovupd ymm14,[rsp+0E0h]
0512 vmovupd [rsp+60h],ymm14
0518 vmovupd ymm2,[rsi+rax]
051e vandpd ymm2,ymm2,[0]
0526 vmovupd ymm3,[20h]
052e vmovupd ymm4,[rdx+rax+20h]
0534 vandpd ymm14,ymm4,[0]
053c vmovupd [rsp+100h],ymm14
0545 vmovupd ymm14,[rsp+100h]
054e vmovupd [rsp+80h],ymm14
0557 vmovupd ymm6,[rsi+rax+20h]
055d vandpd ymm6,ymm6,[0]
0565 vmovupd ymm7,[20h]
056d vmovupd ymm8,[rdx+rax+40h]
0573 vandpd ymm14,ymm8,[0]
057b vmovupd [rsp+120h],ymm14
0584 vmovupd ymm14,[rsp+120h]
058d vmovupd [rsp+0A0h],ymm14
0596 vmovupd ymm10,[rsi+rax+40h]
059c vandpd ymm10,ymm10,[0]
05a4 vmovupd ymm11,[20h]
05ac vmovupd ymm12,[rdx+rax+60h]
05b2 vandpd ymm12,ymm12,[0]
05ba vmovupd [rsp+0C0h],ymm12
05c3 vmovupd ymm1,[rsi+rax+60h]
05c9 vandpd ymm1,ymm1,[0]
05d1 vmovupd ymm5,[20h]
05d9 vcmpngt_uqpd ymm9,ymm2,[40h]
05e2 vandpd ymm9,ymm3,ymm9
05e7 vcmpngt_uqpd ymm13,ymm6,[40h]
05f0 vandpd ymm13,ymm7,ymm13
05f5 vcmpngt_uqpd ymm0,ymm10,[40h]
05fe vandpd ymm0,ymm11,ymm0
0602 vcmpngt_uqpd ymm4,ymm1,[40h]
060b vandpd ymm4,ymm5,ymm4
060f vorpd ymm8,ymm9,ymm13
0614 vorpd ymm8,ymm8,ymm0
0618 vorpd ymm8,ymm8,ymm4
061c vmovmskpd r11d,ymm8
0621 test r11d,r11d
0624 je 00000000000006BEh
062a vmovupd ymm14,[rsp+60h]
0630 vblendvpd ymm14,ymm14,[rsp+0E0h],ymm9
063b vmovupd [rsp+60h],ymm14
0641 vandnpd ymm3,ymm9,ymm3
0645 vmovupd ymm14,[rsp+80h]
064e vblendvpd ymm14,ymm14,[rsp+100h],ymm13
0659 vmovupd [rsp+80h],ymm14
0662 vandnpd ymm7,ymm13,ymm7
0666 vmovupd ymm14,[rsp+0A0h]
066f vblendvpd ymm14,ymm14,[rsp+120h],ymm0
067a vmovupd [rsp+0A0h],ymm14
0683 vandnpd ymm11,ymm0,ymm11
0688 vmovupd ymm14,[rsp+0C0h]
0691 vblendvpd ymm14,ymm14,ymm12,ymm4
0697 vmovupd [rsp+0C0h],ymm14
06a0 vandnpd ymm5,ymm4,ymm5
06a4 vorpd ymm0,ymm3,ymm7
06a8 vorpd ymm0,ymm0,ymm11
06ad vorpd ymm0,ymm0,ymm5
06b1 vmovmskpd r11d,ymm0
06b5 test r11d,r11d
06b8 je 0000000000000AC2h
06be vmovmskpd r11d,ymm3
06c2 test r11d,r11d
06c5 je 0000000000000796h
06cb vmovupd ymm14,[rsp+0E0h]
06d4 vmovupd [rsp],ymm14
06da vmovupd [rsp+20h],ymm2
06e0 vmovupd [rsp+40h],ymm3
06e6 vmovupd [rsp+140h],ymm2
06ef vmovupd [rsp+160h],ymm6
06f8 vmovupd [rsp+180h],ymm10
0701 vmovupd [rsp+1A0h],ymm1
070a vmovupd [rsp+1C0h],ymm12
0713 vmovupd [rsp+1E0h],ymm3
071c vmovupd [rsp+200h],ymm7
0725 vmovupd [rsp+220h],ymm11
072e vmovupd [rsp+240h],ymm5
0737 mov rcx,rsp
073a call 00000000000001C0h
073f vmovupd ymm2,[rsp+140h]
0748 vmovupd ymm6,[rsp+160h]
0751 vmovupd ymm10,[rsp+180h]
075a vmovupd ymm1,[rsp+1A0h]
0763 vmovupd ymm12,[rsp+1C0h]
076c vmovupd ymm3,[rsp+1E0h]
0775 vmovupd ymm7,[rsp+200h]
077e vmovupd ymm11,[rsp+220h]
0787 vmovupd ymm5,[rsp+240h]
0790 vmovupd ymm0,[rsp]
0796 vmovmskpd r11d,ymm7
079a test r11d,r11d
079d je 0000000000000880h
07a3 vmovupd ymm14,[rsp+100h]
07ac vmovupd [rsp],ymm14
07b2 vmovupd [rsp+20h],ymm6
07b8 vmovupd [rsp+40h],ymm7
07be vmovupd [rsp+140h],ymm2
07c7 vmovupd [rsp+160h],ymm6
07d0 vmovupd [rsp+180h],ymm10
07d9 vmovupd [rsp+1A0h],ymm1
07e2 vmovupd [rsp+1C0h],ymm12
07eb vmovupd [rsp+1E0h],ymm3
07f4 vmovupd [rsp+200h],ymm7
07fd vmovupd [rsp+220h],ymm11
0806 vmovupd [rsp+240h],ymm5
080f vmovupd [rsp+260h],ymm0
0818 mov rcx,rsp
081b call 00000000000001C0h
0820 vmovupd ymm2,[rsp+140h]
0829 vmovupd ymm6,[rsp+160h]
0832 vmovupd ymm10,[rsp+180h]
083b vmovupd ymm1,[rsp+1A0h]
0844 vmovupd ymm12,[rsp+1C0h]
084d vmovupd ymm3,[rsp+1E0h]
0856 vmovupd ymm7,[rsp+200h]
085f vmovupd ymm11,[rsp+220h]
0868 vmovupd ymm5,[rsp+240h]
0871 vmovupd ymm0,[rsp+260h]
087a vmovupd ymm4,[rsp]
0880 vmovmskpd r11d,ymm11
0885 test r11d,r11d
0888 je 000000000000097Dh
088e vmovupd ymm14,[rsp+120h]
0897 vmovupd [rsp],ymm14
089d vmovupd [rsp+20h],ymm10
08a3 vmovupd [rsp+40h],ymm11
08a9 vmovupd [rsp+140h],ymm2
08b2 vmovupd [rsp+160h],ymm6
08bb vmovupd [rsp+180h],ymm10
08c4 vmovupd [rsp+1A0h],ymm1
08cd vmovupd [rsp+1C0h],ymm12
08d6 vmovupd [rsp+1E0h],ymm3
08df vmovupd [rsp+200h],ymm7
08e8 vmovupd [rsp+220h],ymm11
08f1 vmovupd [rsp+240h],ymm5
08fa vmovupd [rsp+260h],ymm0
0903 vmovupd [rsp+280h],ymm4
090c mov rcx,rsp
090f call 00000000000001C0h
0914 vmovupd ymm2,[rsp+140h]
091d vmovupd ymm6,[rsp+160h]
0926 vmovupd ymm10,[rsp+180h]
092f vmovupd ymm1,[rsp+1A0h]
0938 vmovupd ymm12,[rsp+1C0h]
0941 vmovupd ymm3,[rsp+1E0h]
094a vmovupd ymm7,[rsp+200h]
0953 vmovupd ymm11,[rsp+220h]
095c vmovupd ymm5,[rsp+240h]
0965 vmovupd ymm0,[rsp+260h]
096e vmovupd ymm4,[rsp+280h]
0977 vmovupd ymm8,[rsp]
097d vmovmskpd r11d,ymm5
0981 test r11d,r11d
0984 je 0000000000000A82h
098a vmovupd [rsp],ymm12
0990 vmovupd [rsp+20h],ymm1
0996 vmovupd [rsp+40h],ymm5
099c vmovupd [rsp+140h],ymm2
09a5 vmovupd [rsp+160h],ymm6
09ae vmovupd [rsp+180h],ymm10
09b7 vmovupd [rsp+1A0h],ymm1
09c0 vmovupd [rsp+1C0h],ymm12
09c9 vmovupd [rsp+1E0h],ymm3
09d2 vmovupd [rsp+200h],ymm7
09db vmovupd [rsp+220h],ymm11
09e4 vmovupd [rsp+240h],ymm5
09ed vmovupd [rsp+260h],ymm0
09f6 vmovupd [rsp+280h],ymm4
09ff vmovupd [rsp+2A0h],ymm8
0a08 mov rcx,rsp
0a0b call 00000000000001C0h
0a10 vmovupd ymm2,[rsp+140h]
0a19 vmovupd ymm6,[rsp+160h]
0a22 vmovupd ymm10,[rsp+180h]
0a2b vmovupd ymm1,[rsp+1A0h]
0a34 vmovupd ymm12,[rsp+1C0h]
0a3d vmovupd ymm3,[rsp+1E0h]
0a46 vmovupd ymm7,[rsp+200h]
0a4f vmovupd ymm11,[rsp+220h]
0a58 vmovupd ymm5,[rsp+240h]
0a61 vmovupd ymm0,[rsp+260h]
0a6a vmovupd ymm4,[rsp+280h]
0a73 vmovupd ymm8,[rsp+2A0h]
0a7c vmovupd ymm9,[rsp]
0a82 vmovupd [rsp+0E0h],ymm2
0a8b vmovapd ymm2,ymm0
0a8f vmovupd [rsp+100h],ymm6
0a98 vmovapd ymm6,ymm4
0a9c vmovupd [rsp+120h],ymm10
0aa5 vmovapd ymm10,ymm8
0aaa vmovapd ymm12,ymm1
0aae vmovapd ymm1,ymm9
0ab3 cmp dword ptr [r10],0
0ab7 jne 0000000000000B0Fh
0abd jmp 00000000000005D9h
0ac2 vmovupd ymm14,[rsp+60h]
0ac8 vmovupd [r9+rax],ymm14
0acf vmovupd ymm14,[rsp+80h]
0ad8 vmovupd [r9+rax+20h],ymm14
0adf vmovupd ymm14,[rsp+0A0h]
0ae8 vmovupd [r9+rax+40h],ymm14
0aef vmovupd ymm14,[rsp+0C0h]
0af8 vmovupd [r9+rax+60h],ymm14
0aff add rax,80h
0b06 cmp rax,r8
0b09 jb 00000000000004F2h
0b0f vzeroupper
0b12 mov rsp,rbp
0b15 pop r15
0b17 pop r14
0b19 pop r13
0b1b pop r12
0b1d pop rbx
0b1e pop rbp
0b1f ret
