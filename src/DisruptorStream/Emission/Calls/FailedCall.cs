namespace DisruptorStream.Emission.Calls;

/// <summary>A call of a sink that threw.</summary>
/// <param name="Sink">The sink.</param>
/// <param name="Name">The method; null where rows were handed over.</param>
/// <param name="FirstSequence">Of the first row, or how far the sink has come.</param>
/// <param name="LastSequence">Of the last row, or how far the sink has come.</param>
/// <param name="Attempts">How often it was made, this time included.</param>
internal readonly record struct FailedCall(
    object Sink, string? Name, long FirstSequence, long LastSequence, int Attempts)
{
    /// <summary>Whether rows were handed over.</summary>
    public bool HasRows => Name is null;
}
