using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>An array of accumulators by key, in scalar code.</summary>
internal sealed class DenseLimit : Limit
{
    private readonly Moments[] _states;

    public DenseLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _states = new Moments[work.Keys];
        _states.AsSpan().Fill(Moments.Empty);
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        var states = _states;
        foreach (ref readonly var next in events)
            states[next.Key].Add(next.Value);
    }

    protected override void Close()
    {
        for (var key = 0; key < _states.Length; key++)
            _states[key].Emit(Digest, End, key);
        _states.AsSpan().Fill(Moments.Empty);
    }
}
