using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Telemetry;
using DisruptorStream.Topology;

namespace DisruptorStream.Reporting.Answers;

/// <summary>
/// Logs why there is no result where windows are open and nothing moves: neither the watermark nor a result between two
/// looks. The first line comes after ten to twenty seconds, each further one after twice as long, up to an hour.
/// </summary>
/// <remarks>
/// It looks by a timer of the host's clock; Inline there is no thread, and it looks when somebody calls
/// <see cref="EventProcessor.Advance"/>. Nothing is done for an event.
/// </remarks>
internal sealed class SilenceWatch
{
    private static readonly TimeSpan Interval = LogLimiter.Pause;
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly ProcessorParts _parts;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _lookedAt;
    private bool _hasLooked;
    private long? _watermarkTicks;
    private long _results;
    private TimeSpan _silent;
    private TimeSpan _nextLine = Interval;

    public SilenceWatch(ProcessorParts parts) => _parts = parts;

    /// <summary>The processor has been started.</summary>
    public void Begin()
    {
        if (_parts.Plan.Execution.IsInline || _parts.Runtime.Completion.IsCompleted)
            return;
        try
        {
            _timer = _parts.Services.TimeProvider.CreateTimer(_ => Look(), null, Interval, Interval);
        }
        catch (Exception)
        {
            // The host's clock makes no timer: a line is no reason to fail the start.
            _parts.Services.HostFailures.Note();
            return;
        }

        _ = _parts.Runtime.Completion.ContinueWith(
            _ => _timer.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Looks where no timer does. Does nothing within ten seconds of the look before.</summary>
    public void LookInline()
    {
        if (_parts.Plan.Execution.IsInline)
            Look();
    }

    private void Look()
    {
        try
        {
            if (IsLineDue())
                Log();
        }
        catch (Exception)
        {
            // On a thread of the timer's, it would end the host.
            _parts.Services.HostFailures.Note();
        }
    }

    private bool IsLineDue()
    {
        lock (_gate)
        {
            var now = _parts.Services.TimeProvider.GetTimestamp();
            var since = _hasLooked ? _parts.Services.TimeProvider.GetElapsedTime(_lookedAt, now) : TimeSpan.Zero;
            if (_hasLooked && since < Interval)
                return false;
            var stats = StatsReader.StatsOf(_parts);
            var isSame = _hasLooked && stats.WatermarkTicks == _watermarkTicks && stats.WindowsFired == _results
                && stats.State is ProcessorState.Created or ProcessorState.Running;
            (_hasLooked, _lookedAt) = (true, now);
            (_watermarkTicks, _results) = (stats.WatermarkTicks, stats.WindowsFired);
            if (!isSame)
            {
                (_silent, _nextLine) = (TimeSpan.Zero, Interval);
                return false;
            }

            _silent += since;
            if (_silent < _nextLine)
                return false;
            _nextLine = _silent + (_nextLine < LongestPause ? _nextLine : LongestPause);
            return true;
        }
    }

    /// <summary>Outside of the lock: a logger may do what it likes.</summary>
    private void Log()
    {
        for (var index = 0; index < _parts.Queries.Count; index++)
        {
            var answer = NoResultReader.Of(_parts, index);
            if (answer.Reason != NoResultReason.WaitsForWatermark)
                continue;
            RuntimeLog.NothingMoves(
                _parts.Services.Logger, answer.Stats.Name, answer.Summary, string.Join(' ', answer.Advice));
        }
    }
}
