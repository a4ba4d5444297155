using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Telemetry;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>
/// Logs at a tick what went wrong since the line before, as counts: each kind of line at most once in ten seconds. At
/// the end it logs the rest.
/// </summary>
internal sealed class Reporter
{
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage[] _shards;
    private readonly ISinkFailureSource _sinks;
    private readonly WaitMeter? _waits;
    private readonly Func<int, string?> _sourceNames;
    private readonly ProcessingClock _clock;
    private readonly LogLimiter _limiter;
    private readonly ILogger _logger;
    private readonly string _name;
    private readonly Lock _gate = new();
    private long _regressions;
    private long _jumps;
    private bool _hasGuessed;
    private long _latePanes;
    private long _eventsBefore;
    private long _userFailures;
    private long _sinkFailures;
    private DropCounts _dropped;
    private TimeSpan _waited;

    /// <param name="assignment">Counts what was dropped, and watermarks that went back.</param>
    /// <param name="shards">Count what was dropped, and failures of the user's code.</param>
    /// <param name="sinks">Counts what sinks threw.</param>
    /// <param name="waits">Counts how long publishers waited; null where another tells that, and of sources.</param>
    /// <param name="sourceNames">Knows the names of sources.</param>
    /// <param name="clock">The host's clock: a time in another unit is decades from it.</param>
    /// <param name="limiter">Keeps the lines few.</param>
    /// <param name="logger">Where they go.</param>
    /// <param name="name">The processor's name.</param>
    public Reporter(
        GuardedAssignment assignment,
        AggregationStage[] shards,
        ISinkFailureSource sinks,
        WaitMeter? waits,
        Func<int, string?> sourceNames,
        ProcessingClock clock,
        LogLimiter limiter,
        ILogger logger,
        string name)
    {
        _assignment = assignment;
        _shards = shards;
        _sinks = sinks;
        _waits = waits;
        _sourceNames = sourceNames;
        _clock = clock;
        _limiter = limiter;
        _logger = logger;
        _name = name;
    }

    /// <summary>Logs what is due. On the thread of a timer; Inline on that of a caller, outside of the ring.</summary>
    public void Report()
    {
        News news;
        lock (_gate)
            news = TakeNews(isEnd: false);
        Log(news);
        if (news.Dropped is not { } reasons)
            return;
        RuntimeLog.Dropped(_logger, _name, news.DroppedCount, reasons);
        LogCauses(news);
    }

    /// <summary>
    /// The processor has ended: logs what no tick came for, and in one line each what was dropped from the beginning
    /// on, and what was never handled.
    /// </summary>
    /// <param name="published">The events put into the ring.</param>
    /// <param name="isFailure">Whether a stage has failed.</param>
    public void ReportEnd(long published, bool isFailure)
    {
        News news;
        lock (_gate)
            news = TakeNews(isEnd: true);
        Log(news);
        if (_waits is not null && published > news.Processed + news.Filtered)
        {
            var reason = isFailure
                ? "failure"
                : "abort; call StopAsync with Drain or Complete before DisposeAsync";
            RuntimeLog.Discarded(_logger, _name, published - news.Processed - news.Filtered, reason);
        }

        if (news.Dropped is { } reasons)
            RuntimeLog.DroppedInAll(_logger, _name, news.DroppedCount, news.Processed, reasons);
        LogCauses(news);
    }

    private void LogCauses(in News news)
    {
        if (news.OtherUnit is { } guess)
            RuntimeLog.OtherUnit(_logger, _name, guess);
        LogCulprit(news);
    }

    /// <summary>The one event that ran so far ahead that most others came too late.</summary>
    private void LogCulprit(in News news)
    {
        if (!news.HasLate
            || _assignment.Ask(AssignmentReading.Of) is not { Culprit: { } culprit, ProposedGuard: { } guard })
        {
            return;
        }

        var advice = string.Join(' ', LateAdvice.Of(culprit, guard));
        var step = WatermarkAdvance.Of(culprit, _sourceNames)!.Value.ToString();
        RuntimeLog.Culprit(_logger, _name, culprit.LateCount, step, advice);
    }

    /// <summary>Outside of the lock: a logger may do what it likes, a stop of the processor included.</summary>
    private void Log(in News news)
    {
        if (news.Regressions > 0)
            RuntimeLog.WatermarkRegressions(_logger, _name, news.Regressions);
        if (news.Jumps > 0)
        {
            var source = _sourceNames(news.NewestJump.Source) ?? "one that has left";
            var ahead = TimeSpan.FromTicks(news.NewestJump.AheadTicks);
            RuntimeLog.Jumps(_logger, _name, news.Jumps, source, news.NewestJump.Sequence, ahead);
        }

        if (news.UserFailures > 0)
            RuntimeLog.UserFailures(_logger, _name, news.UserFailures, news.UserException);
        if (news.SinkFailures > 0)
            RuntimeLog.SinkFailures(_logger, _name, news.SinkFailures, _sinks.LastSinkException);
        if (news.LatePanes > 0)
            RuntimeLog.LatePanes(_logger, _name, news.LatePanes, news.LateEvents, LatePaneFlood.Advice);
        if (news.Waited > TimeSpan.Zero)
            RuntimeLog.BackPressure(_logger, _name, news.Waited);
    }

    private News TakeNews(bool isEnd)
    {
        var assigned = _assignment.Counters.Read();
        var news = new News { Processed = assigned.EventsProcessed, Filtered = assigned.EventsFiltered };
        if (_waits is not null
            && IsDue(assigned.WatermarkRegressions > _regressions, RuntimeLog.RegressionsId, isEnd))
        {
            news.Regressions = assigned.WatermarkRegressions - _regressions;
            _regressions = assigned.WatermarkRegressions;
        }

        if (_waits is not null && IsDue(assigned.Jumps > _jumps, RuntimeLog.JumpsId, isEnd))
        {
            news.Jumps = assigned.Jumps - _jumps;
            news.NewestJump = assigned.NewestJump;
            _jumps = assigned.Jumps;
        }

        TakeUserFailures(ref news, isEnd);
        var sinkFailures = _sinks.SinkFailures;
        if (IsDue(sinkFailures > _sinkFailures, RuntimeLog.SinkFailuresId, isEnd))
        {
            news.SinkFailures = sinkFailures - _sinkFailures;
            _sinkFailures = sinkFailures;
        }

        var waited = _waits?.Total ?? TimeSpan.Zero;
        if (IsDue(waited > _waited, RuntimeLog.BackPressureId, isEnd))
        {
            news.Waited = waited - _waited;
            _waited = waited;
        }

        TakeLatePanes(ref news, assigned.EventsProcessed);
        TakeDropped(ref news, assigned.Dropped, isEnd);
        return news;
    }

    private bool IsDue(bool isNew, int eventId, bool isEnd) => isNew && (isEnd || _limiter.TryPass(eventId));

    private void TakeUserFailures(ref News news, bool isEnd)
    {
        var userFailures = 0L;
        foreach (var shard in _shards)
        {
            userFailures += shard.UserFailures;
            news.UserException = shard.Context.Counters.LastUserFailure ?? news.UserException;
        }

        if (!IsDue(userFailures > _userFailures, RuntimeLog.UserFailuresId, isEnd))
            return;
        news.UserFailures = userFailures - _userFailures;
        _userFailures = userFailures;
    }

    /// <summary>Late panes since the line before, or the last time they were few.</summary>
    private void TakeLatePanes(ref News news, long processed)
    {
        var latePanes = 0L;
        foreach (var shard in _shards)
            latePanes += shard.Context.Counters.Read().LatePanes;
        var (panes, events) = (latePanes - _latePanes, processed - _eventsBefore);
        if (!LatePaneFlood.IsOne(panes, events))
            return;
        (_latePanes, _eventsBefore) = (latePanes, processed);
        if (_limiter.TryPass(RuntimeLog.LatePanesId))
            (news.LatePanes, news.LateEvents) = (panes, events);
    }

    private void TakeDropped(ref News news, DropCounts dropped, bool isEnd)
    {
        foreach (var shard in _shards)
        {
            var ofShard = shard.Context.Counters.Read().Dropped;
            for (var reason = 0; reason < DropCounts.Reasons; reason++)
                dropped[reason] += ofShard[reason];
        }

        // At the end all of them: in lines that were days apart nobody adds up.
        var before = isEnd ? default : _dropped;
        var count = 0L;
        for (var reason = 0; reason < DropCounts.Reasons; reason++)
            count += dropped[reason] - before[reason];
        if (!IsDue(count > 0, RuntimeLog.DroppedId, isEnd))
            return;
        news.DroppedCount = count;
        news.Dropped = DropText.Of(dropped, before);
        news.HasLate = dropped[(int)DropReason.Late] > before[(int)DropReason.Late];
        _dropped = dropped;
        if (_hasGuessed)
            return;
        news.OtherUnit = GuessUnit(dropped);
        _hasGuessed = news.OtherUnit is not null;
    }

    /// <summary>
    /// The unit that a refused or a late time looks like, or, where events are late, the newest time of a source: one
    /// in another unit is far behind the others, or so far ahead that they are late.
    /// </summary>
    private string? GuessUnit(in DropCounts dropped)
    {
        var now = _clock.Read();
        var figures = _assignment.Counters.Read();
        var guess = dropped[(int)DropReason.FutureSkew] > 0 ? UnitGuess.Of(figures.NewestSkewTicks, now) : null;
        if (guess is not null || dropped[(int)DropReason.Late] == 0)
            return guess;

        // Where stores judge what is late, that time is not known, and zero.
        if (figures.NewestLateTicks != 0)
            guess = UnitGuess.Of(figures.NewestLateTicks, now);
        var sources = new List<SourceStatus>();
        _assignment.CopySources(sources);
        foreach (var source in sources)
        {
            if (guess is null && source.NewestTicks != long.MinValue)
                guess = UnitGuess.Of(source.NewestTicks, now);
        }

        return guess;
    }

    /// <summary>What is to be logged.</summary>
    private struct News
    {
        public long Processed;
        public long Filtered;
        public long Regressions;
        public long Jumps;
        public JumpedSlot NewestJump;
        public long UserFailures;
        public Exception? UserException;
        public long SinkFailures;
        public TimeSpan Waited;
        public long DroppedCount;
        public string? Dropped;
        public bool HasLate;
        public string? OtherUnit;
        public long LatePanes;
        public long LateEvents;
    }
}
