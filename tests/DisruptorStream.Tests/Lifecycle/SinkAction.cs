namespace DisruptorStream.Tests.Lifecycle;

/// <summary>What a sink does when it is first called.</summary>
internal enum SinkAction
{
    Return = 0,
    Throw,
    Hold,
    Call,
}
