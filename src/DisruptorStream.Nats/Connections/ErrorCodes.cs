namespace DisruptorStream.Nats.Connections;

/// <summary>Errors of JetStream that are told apart.</summary>
internal static class ErrorCodes
{
    /// <summary>There is no such message.</summary>
    public const int NoMessage = 10037;

    /// <summary>A stream of the name is there with other settings.</summary>
    public const int OtherStream = 10058;

    /// <summary>There is no such stream.</summary>
    public const int NoStream = 10059;

    /// <summary>The last message is another one than was expected.</summary>
    public const int WrongLastSequence = 10071;
}
