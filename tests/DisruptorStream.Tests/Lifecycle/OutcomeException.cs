namespace DisruptorStream.Tests.Lifecycle;

/// <summary>What came of a call that returned, where that is not "works".</summary>
internal sealed class OutcomeException(string word) : Exception(word);
