using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits.Sessions;

/// <summary>
/// Sessions in an array by key. Idle keys are found with a timing wheel, into which a key is filed again only when its
/// bucket comes up, so that an event costs one update.
/// </summary>
internal sealed class SessionsLimit : Limit
{
    private const long TickMilliseconds = 1000;

    private readonly long _gap;
    private readonly Session[] _sessions;
    private readonly int[] _next;
    private readonly int[] _heads;
    private long _tick = -1;

    public SessionsLimit(Workload work)
        : base(work.SizeMilliseconds)
    {
        _gap = work.GapMilliseconds;
        _sessions = new Session[work.Keys];
        _next = new int[work.Keys];
        _heads = new int[(_gap / TickMilliseconds) + 2];
        Array.Fill(_heads, -1);
    }

    public override void Process(ReadOnlySpan<InputEvent> events)
    {
        var sessions = _sessions;
        foreach (ref readonly var next in events)
        {
            var time = next.Milliseconds;
            if (time >= (_tick + 1) * TickMilliseconds)
                Advance(time);
            ref var session = ref sessions[next.Key];
            if (session.State.Count == 0)
            {
                session.Begin(time);
                FileKey(next.Key, time);
            }
            else if (time - session.Last >= _gap)
            {
                session.State.Emit(Digest, session.Start, next.Key);
                session.Begin(time);
            }

            session.Last = time;
            session.State.Add(next.Value);
        }
    }

    public override void Finish()
    {
        for (var key = 0; key < _sessions.Length; key++)
            _sessions[key].State.Emit(Digest, _sessions[key].Start, key);
    }

    protected override void Run(ReadOnlySpan<InputEvent> events) => Process(events);

    protected override void Close()
    {
    }

    private void FileKey(int key, long last)
    {
        ref var head = ref _heads[(((last + _gap) / TickMilliseconds) + 1) % _heads.Length];
        _next[key] = head;
        head = key;
    }

    private void Advance(long now)
    {
        var tick = now / TickMilliseconds;
        for (var at = Math.Max(_tick + 1, tick - _heads.Length + 1); at <= tick; at++)
        {
            ref var head = ref _heads[at % _heads.Length];
            var key = head;
            head = -1;
            while (key >= 0)
            {
                var following = _next[key];
                ref var session = ref _sessions[key];
                if (now - session.Last >= _gap)
                {
                    session.State.Emit(Digest, session.Start, key);
                    session.State = default;
                }
                else
                {
                    FileKey(key, session.Last);
                }

                key = following;
            }
        }

        _tick = tick;
    }

    private struct Session
    {
        public long Start;
        public long Last;
        public Moments State;

        public void Begin(long time)
        {
            Start = time;
            State = Moments.Empty;
        }
    }
}
