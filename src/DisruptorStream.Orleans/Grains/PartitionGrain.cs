using DisruptorStream.Cluster;
using DisruptorStream.Orleans.Hosting;
using DisruptorStream.Orleans.Placement;
using Orleans.Runtime.Placement;

namespace DisruptorStream.Orleans.Grains;

/// <summary>Runs the owner of one partition for as long as it is active.</summary>
/// <remarks>
/// Orleans may have two of it at a time, on two silos: then the log refuses one of the owners, which tries again later,
/// and Orleans ends one of the grains.
/// </remarks>
[PartitionPlacement]
internal sealed class PartitionGrain : Grain, IPartitionGrain
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly LocalPartitions _local;
    private readonly ILocalSiloDetails _silo;
    private readonly TimeProvider _time;
    private PartitionOwner? _owner;
    private bool _leaves;
    private long _leavesSince;
    private TimeSpan _wait = FirstWait;
    private long _triedAt;

    public PartitionGrain(LocalPartitions local, ILocalSiloDetails silo, TimeProvider time) =>
        (_local, _silo, _time) = (local, silo, time);

    public Task<PartitionPlace> EnsureAsync()
    {
        if (!_leaves)
            Own();
        else if (_time.GetElapsedTime(_leavesSince) > LongestWait)
            DeactivateOnIdle();
        var key = this.GetPrimaryKeyString();
        var status = _owner is { } owner
            ? LocalPartitions.StatusOf(key, owner)
            : new PartitionStatus
            {
                Query = LocalPartitions.NameOf(key, out var partition),
                Partition = partition,
                State = PartitionState.Stopped,
            };
        return Task.FromResult(PartitionPlace.Of(status, _silo.SiloAddress.ToParsableString()));
    }

    public async Task MoveAsync(string from, SiloAddress to)
    {
        if (_leaves || !string.Equals(from, _silo.SiloAddress.ToParsableString(), StringComparison.Ordinal))
            return;
        _leaves = true;
        _leavesSince = _time.GetTimestamp();
        await EndAsync(CancellationToken.None);

        // Not just an end: calls that are on their way would begin it here again.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, to);
        MigrateOnIdle();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _leaves = true;
        _leavesSince = _time.GetTimestamp();
        await EndAsync(cancellationToken);
    }

    private void Own()
    {
        if (_owner is { Completion.IsCompleted: false } running)
        {
            if (running.GetStatus().State == PartitionState.Owning)
                _wait = FirstWait;
            return;
        }

        if (_owner is not null)
        {
            if (_time.GetElapsedTime(_triedAt) < _wait)
                return;

            // One that is fenced or fails at once is tried less and less often.
            _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
        }

        _triedAt = _time.GetTimestamp();
        _owner = _local.Own(this.GetPrimaryKeyString());
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_owner is not { } owner)
            return;
        await owner.StopAsync(cancellationToken);
        await _local.ReleaseAsync(this.GetPrimaryKeyString(), owner);
    }
}
