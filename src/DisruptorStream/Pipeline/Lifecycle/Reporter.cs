using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Telemetry;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>
/// Logs at a tick what went wrong since the line before, as counts: each kind of line at most once in ten seconds.
/// </summary>
internal sealed class Reporter
{
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage[] _shards;
    private readonly ISinkFailureSource _sinks;
    private readonly WaitMeter _waits;
    private readonly LogLimiter _limiter;
    private readonly ILogger _logger;
    private readonly string _name;
    private long _regressions;
    private long _userFailures;
    private long _sinkFailures;
    private long _dropped;
    private long _late;
    private TimeSpan _waited;

    /// <param name="assignment">Counts what was dropped, and watermarks that went back.</param>
    /// <param name="shards">Count what was dropped, and failures of the user's code.</param>
    /// <param name="sinks">Counts what sinks threw.</param>
    /// <param name="waits">Counts how long publishers waited.</param>
    /// <param name="limiter">Keeps the lines few.</param>
    /// <param name="logger">Where they go.</param>
    /// <param name="name">The processor's name.</param>
    public Reporter(
        GuardedAssignment assignment,
        AggregationStage[] shards,
        ISinkFailureSource sinks,
        WaitMeter waits,
        LogLimiter limiter,
        ILogger logger,
        string name)
    {
        _assignment = assignment;
        _shards = shards;
        _sinks = sinks;
        _waits = waits;
        _limiter = limiter;
        _logger = logger;
        _name = name;
    }

    public void Report()
    {
        var regressions = _assignment.Counters.Read().WatermarkRegressions;
        if (regressions > _regressions && _limiter.TryPass(RuntimeLog.RegressionsId))
        {
            RuntimeLog.WatermarkRegressions(_logger, _name, regressions - _regressions);
            _regressions = regressions;
        }

        ReportUserFailures();
        var sinkFailures = _sinks.SinkFailures;
        if (sinkFailures > _sinkFailures && _limiter.TryPass(RuntimeLog.SinkFailuresId))
        {
            RuntimeLog.SinkFailures(_logger, _name, sinkFailures - _sinkFailures, _sinks.LastSinkException);
            _sinkFailures = sinkFailures;
        }

        var waited = _waits.Total;
        if (waited > _waited && _limiter.TryPass(RuntimeLog.BackPressureId))
        {
            RuntimeLog.BackPressure(_logger, _name, waited - _waited);
            _waited = waited;
        }

        ReportDropped();
    }

    private void ReportUserFailures()
    {
        var userFailures = 0L;
        Exception? newest = null;
        foreach (var shard in _shards)
        {
            userFailures += shard.UserFailures;
            newest = shard.Context.Counters.LastUserFailure ?? newest;
        }

        if (userFailures <= _userFailures || !_limiter.TryPass(RuntimeLog.UserFailuresId))
            return;
        RuntimeLog.UserFailures(_logger, _name, userFailures - _userFailures, newest);
        _userFailures = userFailures;
    }

    private void ReportDropped()
    {
        var (dropped, late) = (0L, 0L);
        Add(_assignment.Counters.Read().Dropped);
        foreach (var shard in _shards)
            Add(shard.Context.Counters.Read().Dropped);
        if (dropped <= _dropped || !_limiter.TryPass(RuntimeLog.DroppedId))
            return;
        RuntimeLog.Dropped(_logger, _name, dropped - _dropped, late - _late);
        (_dropped, _late) = (dropped, late);

        void Add(in DropCounts counts)
        {
            foreach (var count in counts)
                dropped += count;
            late += counts[(int)DropReason.Late];
        }
    }
}
