namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>A failure whose message is missing, or throws itself.</summary>
internal sealed class OddMessageException : Exception
{
    private readonly bool _throws;

    public OddMessageException(bool throws) => _throws = throws;

    public override string Message => _throws ? throw new InvalidOperationException("There is no message.") : null!;
}
