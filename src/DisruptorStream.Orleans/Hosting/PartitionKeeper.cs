using DisruptorStream.Orleans.Grains;
using DisruptorStream.Orleans.Monitoring;
using DisruptorStream.Orleans.Placement;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>Asks for all partitions, again and again, in every silo: so each is owned by somebody.</summary>
/// <remarks>
/// It also follows those partitions that may come here: as a standby, and before one is moved here because this silo is
/// now the first of its row, so that it moves when all is ready.
/// </remarks>
internal sealed class PartitionKeeper : BackgroundService
{
    private const int QuickTries = 5;
    private static readonly TimeSpan QuickWait = TimeSpan.FromMilliseconds(10);

    // A silo that comes and goes at once moves nothing.
    private static readonly TimeSpan CalmTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestCalm = TimeSpan.FromMinutes(1);

    private readonly LocalPartitions _local;
    private readonly RefusingSilos _refusing;
    private readonly IGrainFactory _grains;
    private readonly ISiloStatusOracle _silos;
    private readonly ILogger<PartitionKeeper> _logger;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Task<PartitionPlace?>> _calls = new(StringComparer.Ordinal);
    private readonly RetryWaits _moves;
    private SiloAddress[] _active = [];
    private long _calmSince;

    public PartitionKeeper(
        LocalPartitions local,
        RefusingSilos refusing,
        IGrainFactory grains,
        ISiloStatusOracle silos,
        ILogger<PartitionKeeper> logger,
        TimeProvider time,
        PartitionMetrics metrics)
    {
        // The instruments are there from the start of the silo on, and nobody else asks for them.
        ArgumentNullException.ThrowIfNull(metrics);

        (_local, _refusing, _grains, _silos, _logger, _time) = (local, refusing, grains, silos, logger, time);
        _moves = new RetryWaits(time, CalmTime, LongestCalm);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = new List<Task>();
        foreach (var query in _local.Queries)
            loops.Add(KeepAsync(query, stoppingToken));
        await Task.WhenAll(loops).ConfigureAwait(false);
    }

    private async Task KeepAsync(PlacedQuery query, CancellationToken cancellationToken)
    {
        var hasTopics = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!hasTopics)
                    await query.CreateTopicsAsync(cancellationToken).ConfigureAwait(false);
                hasTopics = true;
                lock (_calls)
                    AskForAll(query);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                KeeperLog.Failed(_logger, query.Name, exception);
            }

            await Task.Delay(query.Options.AskInterval, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        for (var partition = 0; partition < query.Partitions; partition++)
            _local.Forget(query.KeyOf(partition));
    }

    private void AskForAll(PlacedQuery query)
    {
        LookAtSilos();
        for (var partition = 0; partition < query.Partitions; partition++)
        {
            var key = query.KeyOf(partition);
            var rank = SiloRanking.RankOf(key, _silos.SiloAddress, _refusing.LeaveOut(key, _active));
            var isReady = Follow(query, key, rank);
            if (_calls.TryGetValue(key, out var call))
            {
                if (!call.IsCompleted)
                    continue;
                if (call.Result is { } place && ToLeave(key, place, isFirst: rank == 0 && isReady))
                {
                    _calls[key] = MoveAsync(key, place);
                    continue;
                }
            }

            _calls[key] = AskAsync(key);
        }
    }

    /// <summary>Follows a partition that may come here.</summary>
    /// <returns>Whether it has caught up.</returns>
    private bool Follow(PlacedQuery query, string key, int rank)
    {
        // One that is refused stays for a while: so health tells it.
        if (_refusing.Refuses(key, _silos.SiloAddress))
            return false;
        if (_local.Owns(key) || rank > query.Options.Standbys || _active.Length <= 1)
        {
            _local.Forget(key);
            return false;
        }

        var isReady = _local.StandBy(key, out var isRefused);
        if (isRefused)
            _refusing.Note(key, _silos.SiloAddress);
        return isReady;
    }

    /// <summary>
    /// Whether a partition is to leave its silo: for this one, which is ready for it and the first of its row, or for
    /// any other one, where its own refuses it.
    /// </summary>
    private bool ToLeave(string key, PartitionPlace place, bool isFirst)
    {
        if (!place.IsRefused)
            return isFirst && IsCalm && IsElsewhere(place) && MayMove(key);
        var silo = SiloAddress.FromParsableString(place.Silo);
        _refusing.Note(key, silo);

        // Where all refuse it, it stays, and is tried again there.
        return !_refusing.AllRefuse(key, _active) && MayMove(key);
    }

    /// <summary>
    /// One that was moved and is elsewhere again is left alone for longer each time: up to a minute.
    /// </summary>
    private bool MayMove(string key)
    {
        if (!_moves.MayTry(key))
            return false;
        _moves.NoteTry(key);
        return true;
    }

    private bool IsCalm => _time.GetElapsedTime(_calmSince) >= CalmTime;

    private bool IsElsewhere(PartitionPlace place) =>
        !string.Equals(place.Silo, _silos.SiloAddress.ToParsableString(), StringComparison.Ordinal);

    private void LookAtSilos()
    {
        SiloAddress[] active = [.. _silos.GetActiveSilos()];
        Array.Sort(active);
        if (active.AsSpan().SequenceEqual(_active))
            return;
        TellOfSilos(before: _active, now: active);
        _active = active;
        _moves.Clear();
        _calmSince = _time.GetTimestamp();
    }

    private void TellOfSilos(SiloAddress[] before, SiloAddress[] now)
    {
        foreach (var silo in before)
        {
            if (Array.BinarySearch(now, silo) < 0)
                KeeperLog.Left(_logger, silo, _silos.GetApproximateSiloStatus(silo), now.Length);
        }

        foreach (var silo in now)
        {
            if (Array.BinarySearch(before, silo) < 0)
                KeeperLog.Joined(_logger, silo, now.Length);
        }
    }

    private async Task<PartitionPlace?> AskAsync(string key)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await _grains.GetGrain<IPartitionGrain>(key).EnsureAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // A silo that has died: the next call finds another one, and is not put off for long.
                KeeperLog.NotThere(_logger, key, exception.Message);
                if (tries == QuickTries)
                    return null;
            }

            await Task.Delay(QuickWait, _time).ConfigureAwait(false);
        }
    }

    private async Task<PartitionPlace?> MoveAsync(string key, PartitionPlace place)
    {
        var to = place.IsRefused
            ? SiloRanking.First(key, _refusing.LeaveOut(key, _active))
            : _silos.SiloAddress;
        KeeperLog.Moves(_logger, key, place.Silo, to);
        try
        {
            await _grains.GetGrain<IPartitionGrain>(key).MoveAsync(place.Silo, to).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            KeeperLog.NotThere(_logger, key, exception.Message);
        }

        return await AskAsync(key).ConfigureAwait(false);
    }
}
