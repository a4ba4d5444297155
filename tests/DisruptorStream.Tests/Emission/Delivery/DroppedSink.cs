using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission.Delivery;

/// <summary>Writes the dropped events down that it is given.</summary>
internal sealed class DroppedSink : IDroppedEventSink<string>
{
    private readonly List<string> _log;

    public DroppedSink(List<string> log) => _log = log;

    public int FailuresToCome { get; set; }

    public void OnDropped(in DroppedEvent<string> dropped)
    {
        if (FailuresToCome-- > 0)
            throw new InvalidOperationException();

        _log.Add($"dropped {dropped.Sequence} {(dropped.HasKey ? dropped.Key : "(none)")} {dropped.Reason} " +
            FormattableString.Invariant($"{dropped.Value}"));
        Assert.Equal(1, dropped.RawMeasures.Length);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(5), dropped.Timestamp);
    }
}
