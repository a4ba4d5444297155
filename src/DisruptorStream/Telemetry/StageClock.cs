using System.Runtime.InteropServices;

namespace DisruptorStream.Telemetry;

/// <summary>How long a stage's thread has run, and how much of that it only waited.</summary>
/// <remarks>The thread writes, and looks at the clock only when it waits; any thread reads.</remarks>
internal sealed class StageClock
{
    private const long NotWaiting = long.MinValue;

    private readonly TimeProvider _timeProvider;
    private readonly Lock _gate = new();
    private Times _times;
    private long _mostBusy;
    private long _mostElapsed;
    private TimeSpan _lastBusy;
    private TimeSpan _lastElapsed;
    private double _utilization;

    /// <param name="name">The stage.</param>
    /// <param name="timeProvider">The clock.</param>
    public StageClock(string name, TimeProvider timeProvider)
    {
        Name = name;
        _timeProvider = timeProvider;
        _times.WaitingSince = NotWaiting;
    }

    public string Name { get; }

    /// <summary>The thread begins.</summary>
    public void Start()
    {
        _times.Started = _timeProvider.GetTimestamp();

        // Pairs with the read in BusyTime.
        Volatile.Write(ref _times.IsRunning, true);
    }

    /// <summary>The thread ends: its time stands still.</summary>
    public void Stop()
    {
        if (!_times.IsRunning)
            return;
        EndWait();
        _times.Ran = _timeProvider.GetTimestamp() - _times.Started;

        // Pairs with the read in Elapsed.
        Volatile.Write(ref _times.IsRunning, false);
    }

    public void BeginWait() => Volatile.Write(ref _times.WaitingSince, _timeProvider.GetTimestamp());

    public void EndWait()
    {
        if (_times.WaitingSince == NotWaiting)
            return;
        var waited = _timeProvider.GetTimestamp() - _times.WaitingSince;

        // Pairs with the reads in Waited. The sum first: who reads between the two counts this wait twice, and so too
        // little work, which Read mends; the other way round it would take the whole wait for work.
        Volatile.Write(ref _times.Waited, _times.Waited + waited);
        Volatile.Write(ref _times.WaitingSince, NotWaiting);
    }

    /// <summary>How long the thread has worked, and how long it has run. Any thread.</summary>
    /// <remarks>Neither ever goes back.</remarks>
    public (TimeSpan Busy, TimeSpan Elapsed) Read()
    {
        lock (_gate)
        {
            var now = _timeProvider.GetTimestamp();

            // Pairs with the writes in Start and Stop.
            var elapsed = Volatile.Read(ref _times.IsRunning) ? now - _times.Started : _times.Ran;
            var busy = Math.Clamp(elapsed - Waited(now), 0, Math.Max(0, elapsed));

            // A wait may have ended after now, and is then taken off too early; the thread may have stopped before now.
            _mostBusy = Math.Max(_mostBusy, busy);
            _mostElapsed = Math.Max(_mostElapsed, elapsed);
            return (ToTimeSpan(_mostBusy), ToTimeSpan(_mostElapsed));
        }
    }

    /// <summary>
    /// The share of the time that the thread worked: between the last two calls that were at least a second apart.
    /// </summary>
    public double Utilization()
    {
        lock (_gate)
        {
            var (busy, elapsed) = Read();
            if (elapsed - _lastElapsed >= TimeSpan.FromSeconds(1) || _lastElapsed == TimeSpan.Zero)
            {
                var span = elapsed - _lastElapsed;
                _utilization = span == TimeSpan.Zero ? 0 : Math.Clamp((busy - _lastBusy) / span, 0, 1);
                (_lastBusy, _lastElapsed) = (busy, elapsed);
            }

            return _utilization;
        }
    }

    private long Waited(long now)
    {
        while (true)
        {
            // Pairs with the writes in EndWait: the sum is that of the wait under way, or a later one is seen.
            var waited = Volatile.Read(ref _times.Waited);
            var since = Volatile.Read(ref _times.WaitingSince);
            if (waited == Volatile.Read(ref _times.Waited))
                return since == NotWaiting ? waited : waited + Math.Max(0, now - since);
        }
    }

    private TimeSpan ToTimeSpan(long units) =>
        TimeSpan.FromTicks((long)(units * ((double)TimeSpan.TicksPerSecond / _timeProvider.TimestampFrequency)));

    [StructLayout(LayoutKind.Sequential)]
    private struct Times
    {
        private readonly Padding _before;
        public long Started;
        public long Ran;
        public long Waited;
        public long WaitingSince;
        public bool IsRunning;
        private readonly Padding _after;
    }
}
