namespace DisruptorStream.Emission.Durable;

/// <summary>A write of a durable sink: whose, and from where to where.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Previous">The number of the last result that the target must hold now.</param>
/// <param name="Last">The number of the last result that it holds afterwards.</param>
public sealed record SinkWrite(DurableSinkOwner Owner, long Previous, long Last)
{
    /// <summary>Whether the owner is not durable: there is no position.</summary>
    public bool IsOrdinary => Owner.Epoch == 0;
}
