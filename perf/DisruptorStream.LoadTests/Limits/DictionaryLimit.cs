using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>What a competent user writes instead of using an engine: a dictionary for the open window.</summary>
internal sealed class DictionaryLimit : Limit
{
    private readonly Dictionary<int, Moments> _states = new();
    private long _end = long.MinValue;

    public DictionaryLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
    }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        foreach (ref readonly var next in events)
        {
            if (next.Milliseconds >= _end)
            {
                Roll(next.Milliseconds);
                _end = End;
            }

            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_states, next.Key, out var exists);
            if (!exists)
                state = Moments.Empty;
            state.Add(next.Value);
        }
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
        foreach (var (key, state) in _states)
            state.Emit(Digest, End, key);
        _states.Clear();
    }
}
