namespace DisruptorStream.Simulation.Rounds;

/// <summary>A round found something that must not be.</summary>
internal sealed class RoundException : Exception
{
    public RoundException()
    {
    }

    public RoundException(string message)
        : base(message)
    {
    }

    public RoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <exception cref="RoundException">The condition does not hold.</exception>
    public static void ThrowUnless(bool condition, string message)
    {
        if (!condition)
            throw new RoundException(message);
    }
}
