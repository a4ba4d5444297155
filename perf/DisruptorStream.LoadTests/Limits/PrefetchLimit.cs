using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>As <see cref="VectorLimit"/>, but asks for the state of a key some events before it is needed.</summary>
internal sealed unsafe class PrefetchLimit : VectorLimit
{
    private const int Ahead = 16;

    public PrefetchLimit(Workload work)
        : base(work)
    {
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var states = States;
        var negate = Vector256.Create(0d, 0d, -0d, 0d);
        var one = Vector256.Create(1d, 0d, 0d, 0d);
        fixed (InputEvent* first = events)
        {
            var last = first + events.Length - 1;
            for (var next = first; next <= last; next++)
            {
                var later = next + Ahead;
                Sse.Prefetch0(states + (uint)(later < last ? later : last)->Key);
                var state = states[(uint)next->Key];
                var value = Vector256.Create(next->Value);
                states[(uint)next->Key] = Avx.Blend(
                    state + Avx.Blend(one, value, 0b0010), Avx.Max(state, value ^ negate), 0b1100);
            }
        }
    }
}
