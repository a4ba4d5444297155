using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits.Sessions;

/// <summary>
/// Sessions that stay for late events: emitted when the watermark reaches their end, again with each later event, and
/// forgotten when the allowed lateness is over.
/// </summary>
/// <remarks>
/// Each key is brought up to the watermark when its next event comes, which makes the same panes as doing it at once.
/// That nobody looks for sessions whose key stays away is less than what is asked for.
/// </remarks>
internal sealed class LateSessionsLimit : Limit
{
    private readonly long _gap;
    private readonly long _lateness;
    private readonly long _outOfOrder;
    private readonly List<Session>[] _keys;
    private long _watermark = long.MinValue;

    public LateSessionsLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _gap = work.GapMilliseconds;
        _lateness = work.LatenessMilliseconds;
        _outOfOrder = work.OutOfOrderMilliseconds;
        _keys = new List<Session>[work.Keys];
        for (var key = 0; key < _keys.Length; key++)
            _keys[key] = new List<Session>(2);
    }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        foreach (ref readonly var next in events)
        {
            var time = next.Milliseconds;
            var sessions = _keys[next.Key];
            CatchUp(sessions, next.Key);
            var merged = Merge(sessions, time);
            if (merged.Last + _gap + _lateness > _watermark)
            {
                merged.State.Add(next.Value);
                merged.IsEmitted = merged.Last + _gap <= _watermark;
                if (merged.IsEmitted)
                    merged.State.Emit(Digest, merged.First, next.Key);
                sessions.Add(merged);
            }

            _watermark = Math.Max(_watermark, time - _outOfOrder);
        }
    }

    public override void Finish()
    {
        _watermark = long.MaxValue;
        for (var key = 0; key < _keys.Length; key++)
            CatchUp(_keys[key], key);
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
    }

    private void CatchUp(List<Session> sessions, int key)
    {
        for (var index = sessions.Count - 1; index >= 0; index--)
        {
            var session = sessions[index];
            if (session.Last + _gap > _watermark)
                continue;
            if (!session.IsEmitted)
                session.State.Emit(Digest, session.First, key);
            session.IsEmitted = true;
            if (session.Last + _gap + _lateness <= _watermark)
                sessions.RemoveAt(index);
            else
                sessions[index] = session;
        }
    }

    /// <summary>Takes out what an event's own session overlaps, and puts it together.</summary>
    private Session Merge(List<Session> sessions, long time)
    {
        var merged = new Session { First = time, Last = time, State = Moments.Empty };
        for (var index = sessions.Count - 1; index >= 0; index--)
        {
            var session = sessions[index];
            if (time - session.Last >= _gap || session.First - time >= _gap)
                continue;
            merged.First = Math.Min(merged.First, session.First);
            merged.Last = Math.Max(merged.Last, session.Last);
            merged.State.Merge(session.State);
            sessions.RemoveAt(index);
        }

        return merged;
    }

    private struct Session
    {
        public long First;
        public long Last;
        public bool IsEmitted;
        public Moments State;
    }
}
