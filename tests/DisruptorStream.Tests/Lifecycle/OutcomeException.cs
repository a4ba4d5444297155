namespace DisruptorStream.Tests.Lifecycle;

/// <summary>What came of a call that returned, where that is not "works".</summary>
internal sealed class OutcomeException : Exception
{
    public OutcomeException(string word)
        : base(word)
    {
    }
}
