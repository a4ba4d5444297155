using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>As <see cref="VectorLimit"/>, but every timestamp is checked.</summary>
internal sealed unsafe class CheckedLimit : VectorLimit
{
    public CheckedLimit(Workload work)
        : base(work)
    {
    }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        var states = States;
        var negate = Vector256.Create(0d, 0d, -0d, 0d);
        var one = Vector256.Create(1d, 0d, 0d, 0d);
        var windowEnd = End;
        fixed (InputEvent* first = events)
        {
            var end = first + events.Length;
            for (var next = first; next < end; next++)
            {
                if (next->Milliseconds >= windowEnd)
                {
                    Roll(next->Milliseconds);
                    windowEnd = End;
                }

                var state = states[(uint)next->Key];
                var value = Vector256.Create(next->Value);
                states[(uint)next->Key] = Avx.Blend(
                    state + Avx.Blend(one, value, 0b0010), Avx.Max(state, value ^ negate), 0b1100);
            }
        }
    }
}
