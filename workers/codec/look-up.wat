;; The inner loops of grey levels (look-up.ts), for samples of 8 and 16 bits. In JavaScript they took eight times as long: once any
;; buffer was given to another thread, each access asks whether its own is still there.
;;
;; Memory: the levels by the bits of a stored value from 0, samples from 65536, grey levels from 196608 (65,536 of each), and
;; from 262144 eight lanes with the least value and eight with the most.
;; All of them work on a multiple of 8 samples, and at least 8.
(module
  (memory (export "memory") 5 5)

  ;; Lowers the least and raises the most values by these samples, whose stored values begin `up` bits below the top and have `down`
  ;; bits less than 16.
  (func (export "signedRange") (param $count i32) (param $up i32) (param $down i32)
    (local $at i32) (local $end i32) (local $values v128) (local $least v128) (local $most v128)
    (local.set $at (i32.const 65536))
    (local.set $end (i32.add (i32.const 65536) (i32.shl (local.get $count) (i32.const 1))))
    (local.set $least (v128.load (i32.const 262144)))
    (local.set $most (v128.load (i32.const 262160)))
    (loop $next
      (local.set $values
        (i16x8.shr_s (i16x8.shl (v128.load (local.get $at)) (local.get $up)) (local.get $down)))
      (local.set $least (i16x8.min_s (local.get $least) (local.get $values)))
      (local.set $most (i16x8.max_s (local.get $most) (local.get $values)))
      (br_if $next
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (v128.store (i32.const 262144) (local.get $least))
    (v128.store (i32.const 262160) (local.get $most)))

  (func (export "unsignedRange") (param $count i32) (param $up i32) (param $down i32)
    (local $at i32) (local $end i32) (local $values v128) (local $least v128) (local $most v128)
    (local.set $at (i32.const 65536))
    (local.set $end (i32.add (i32.const 65536) (i32.shl (local.get $count) (i32.const 1))))
    (local.set $least (v128.load (i32.const 262144)))
    (local.set $most (v128.load (i32.const 262160)))
    (loop $next
      (local.set $values
        (i16x8.shr_u (i16x8.shl (v128.load (local.get $at)) (local.get $up)) (local.get $down)))
      (local.set $least (i16x8.min_u (local.get $least) (local.get $values)))
      (local.set $most (i16x8.max_u (local.get $most) (local.get $values)))
      (br_if $next
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (v128.store (i32.const 262144) (local.get $least))
    (v128.store (i32.const 262160) (local.get $most)))

  ;; Each grey level is that of (sample >> shift) & mask.
  (func (export "lookUp16") (param $count i32) (param $shift i32) (param $mask i32)
    (local $at i32) (local $from i32)
    (local.set $from (i32.const 65536))
    (loop $next
      (i32.store8 offset=196608 (local.get $at)
        (i32.load8_u (i32.and (i32.shr_u (i32.load16_u (local.get $from)) (local.get $shift)) (local.get $mask))))
      (i32.store8 offset=196609 (local.get $at)
        (i32.load8_u (i32.and (i32.shr_u (i32.load16_u offset=2 (local.get $from)) (local.get $shift)) (local.get $mask))))
      (i32.store8 offset=196610 (local.get $at)
        (i32.load8_u (i32.and (i32.shr_u (i32.load16_u offset=4 (local.get $from)) (local.get $shift)) (local.get $mask))))
      (i32.store8 offset=196611 (local.get $at)
        (i32.load8_u (i32.and (i32.shr_u (i32.load16_u offset=6 (local.get $from)) (local.get $shift)) (local.get $mask))))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (br_if $next
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $count)))))

  (func (export "lookUp8") (param $count i32) (param $shift i32) (param $mask i32)
    (local $at i32)
    (loop $next
      (i32.store8 offset=196608 (local.get $at)
        (i32.load8_u
          (i32.and (i32.shr_u (i32.load8_u offset=65536 (local.get $at)) (local.get $shift)) (local.get $mask))))
      (br_if $next
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (local.get $count)))))
)
