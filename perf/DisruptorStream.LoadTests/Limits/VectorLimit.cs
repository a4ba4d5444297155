using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>One 256-bit vector per key: (count, sum, -min, max). One load and one store per event.</summary>
/// <remarks>
/// Its variants repeat the inner loop: with the step in a method of its own it ran 7 % slower, and no baseline may.
/// </remarks>
internal unsafe class VectorLimit : Limit
{
    private static readonly Vector256<double> Empty =
        Vector256.Create(0d, 0d, double.NegativeInfinity, double.NegativeInfinity);

    private readonly int _keys;
    private Vector256<double>* _states;

    public VectorLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _keys = work.Keys;
        _states = (Vector256<double>*)NativeMemory.AlignedAlloc((nuint)_keys * 32, 64);
        Reset();
    }

    protected Vector256<double>* States => _states;

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_states);
        _states = null;
        base.Dispose();
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var states = _states;
        var negate = Vector256.Create(0d, 0d, -0d, 0d);
        var one = Vector256.Create(1d, 0d, 0d, 0d);
        fixed (InputEvent* first = events)
        {
            var end = first + events.Length;
            for (var next = first; next < end; next++)
            {
                var state = states[(uint)next->Key];
                var value = Vector256.Create(next->Value);
                states[(uint)next->Key] = Avx.Blend(
                    state + Avx.Blend(one, value, 0b0010), Avx.Max(state, value ^ negate), 0b1100);
            }
        }
    }

    protected override void Close()
    {
        for (var key = 0; key < _keys; key++)
        {
            var state = _states[key];
            if (state[0] > 0)
                Digest.Add(End, key, (long)state[0], state[1], -state[2], state[3]);
        }

        Reset();
    }

    private void Reset() => new Span<Vector256<double>>(_states, _keys).Fill(Empty);
}
