using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Simulation.Disks;
using DisruptorStream.Simulation.Processors;

namespace DisruptorStream.Simulation.Sinks;

/// <summary>A durable sink that ends its process in the middle of writes, now and then.</summary>
internal sealed class SimulatedSink : IDurableSink<string>
{
    private const int WritesPerKill = 25;

    private readonly SimulatedTarget _target;
    private readonly SinkFault _fault;
    private readonly Random _random;
    private long _epoch;

    /// <param name="target">What it writes to.</param>
    /// <param name="fault">What it does wrong.</param>
    /// <param name="random">Decides when its process ends; null for never.</param>
    public SimulatedSink(SimulatedTarget target, SinkFault fault, Random? random)
    {
        (_target, _fault) = (target, fault);
        _random = random ?? new Random(0);
        IsKilled = random is not null;
    }

    public DurableGuarantee Guarantee => DurableGuarantee.Exact;

    /// <summary>Whether its process ends now and then.</summary>
    public bool IsKilled { get; set; }

    public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        if (owner.Epoch > 0 && owner.Epoch < _target.Epoch)
            throw new InvalidOperationException($"Epoch {owner.Epoch} comes after epoch {_target.Epoch}.");
        _epoch = _target.Epoch = owner.Epoch;
        if (_fault == SinkFault.SetBackHidden && _target.Rows.Count > 0)
            _target.Rows.RemoveAt(_target.Rows.Count - 1);
        return new(_fault switch
        {
            SinkFault.SaysTooMuch when _target.Number > 0 => _target.Number + 1,
            SinkFault.SaysTooLittle when _target.Number > 0 => --_target.Number,
            _ => _target.Number,
        });
    }

    public void OnResults(ResultBatch<string> batch)
    {
        if (_epoch != _target.Epoch)
            throw new InvalidOperationException("Another owner has the target.");
        Kill("before the write");
        var first = (int)Math.Max(0, _target.Number - batch.FirstNumber + 1);
        var last = batch.FirstNumber + batch.Count - 1;
        if (_fault == SinkFault.PositionFirst)
            Move(last, "behind the position");
        if (_fault == SinkFault.KillSwallowed && IsKilled && _random.Next(WritesPerKill) == 0)
            first = batch.Count;
        for (var row = first; row < batch.Count; row++)
            _target.Rows.Add((batch[row].Number, SimulatedResults<string>.LineOf(batch[row])));
        if (_fault == SinkFault.RowsFirst)
            Kill("behind the rows");
        _target.Number = Math.Max(_target.Number, last);
        Kill("after the write");
    }

    private void Move(long last, string moment)
    {
        _target.Number = Math.Max(_target.Number, last);
        Kill(moment);
    }

    private void Kill(string moment)
    {
        if (IsKilled && _random.Next(WritesPerKill) == 0)
            throw new SimulatedCrashException($"The process ends {moment}.");
    }
}
