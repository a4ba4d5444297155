using DisruptorStream.Emission.Delivery;
using DisruptorStream.Pipeline.Assignment;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Logs at each tick what went wrong since the one before, as counts: never a line per event.</summary>
internal sealed class Reporter
{
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage[] _shards;
    private readonly ISinkFailureSource _sinks;
    private readonly ILogger _logger;
    private long _regressions;
    private long _userFailures;
    private long _sinkFailures;

    public Reporter(
        GuardedAssignment assignment, AggregationStage[] shards, ISinkFailureSource sinks, ILogger logger)
    {
        _assignment = assignment;
        _shards = shards;
        _sinks = sinks;
        _logger = logger;
    }

    public void Report()
    {
        var regressions = _assignment.Counters.Read().WatermarkRegressions;
        if (regressions > _regressions)
            RuntimeLog.WatermarkRegressions(_logger, regressions - _regressions);
        _regressions = regressions;

        var userFailures = 0L;
        Exception? newest = null;
        foreach (var shard in _shards)
        {
            userFailures += shard.UserFailures;
            newest = shard.Context.Counters.LastUserFailure ?? newest;
        }

        if (userFailures > _userFailures)
            RuntimeLog.UserFailures(_logger, userFailures - _userFailures, newest);
        _userFailures = userFailures;

        var sinkFailures = _sinks.SinkFailures;
        if (sinkFailures > _sinkFailures)
            RuntimeLog.SinkFailures(_logger, sinkFailures - _sinkFailures, _sinks.LastSinkException);
        _sinkFailures = sinkFailures;
    }
}
