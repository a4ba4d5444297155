using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>One key: four chains of accumulators in registers.</summary>
internal sealed class OneKeyLimit : Limit
{
    private Moments _state = Moments.Empty;

    public OneKeyLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var (a, b, c, d) = (Moments.Empty, Moments.Empty, Moments.Empty, Moments.Empty);
        var index = 0;
        for (; index + 4 <= events.Length; index += 4)
        {
            a.Add(events[index].Value);
            b.Add(events[index + 1].Value);
            c.Add(events[index + 2].Value);
            d.Add(events[index + 3].Value);
        }

        for (; index < events.Length; index++)
            a.Add(events[index].Value);
        a.Merge(b);
        c.Merge(d);
        a.Merge(c);
        _state.Merge(a);
    }

    protected override void Close()
    {
        _state.Emit(Digest, End, 0);
        _state = Moments.Empty;
    }
}
