using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits.Sessions;

/// <summary>
/// The exact percentile 95 of sessions: the values of each key, sorted when the key comes back after the gap, or at the
/// end. That nobody looks for sessions whose key stays away is less than what is asked for.
/// </summary>
internal sealed class SortedSessionsLimit : Limit
{
    private readonly long _gap;
    private readonly Session[] _sessions;

    public SortedSessionsLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _gap = work.GapMilliseconds;
        _sessions = new Session[work.Keys];
        for (var key = 0; key < _sessions.Length; key++)
            _sessions[key].Values = new double[64];
    }

    /// <summary>Called with the label, the key and the sorted values of each session, where it is set.</summary>
    public SortedHandler? OnSorted { get; init; }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        foreach (ref readonly var next in events)
        {
            ref var session = ref _sessions[next.Key];
            if (session.Count > 0 && next.Milliseconds - session.Last >= _gap)
                Emit(next.Key);
            if (session.Count == 0)
                session.Start = next.Milliseconds;
            if (session.Count == session.Values.Length)
                Array.Resize(ref session.Values, 2 * session.Count);
            session.Last = next.Milliseconds;
            session.Values[session.Count++] = next.Value;
        }
    }

    public override void Finish()
    {
        for (var key = 0; key < _sessions.Length; key++)
        {
            if (_sessions[key].Count > 0)
                Emit(key);
        }
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
    }

    private void Emit(int key)
    {
        ref var session = ref _sessions[key];
        var sorted = session.Values.AsSpan(0, session.Count);
        sorted.Sort();
        Digest.AddBits(session.Start, key, [SortingLimit.BitsAt(sorted, 0.95)]);
        OnSorted?.Invoke(session.Start, key, sorted);
        session.Count = 0;
    }

    private struct Session
    {
        public long Start;
        public long Last;
        public double[] Values;
        public int Count;
    }
}
