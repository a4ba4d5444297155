namespace LlmGateway.Calls;

/// <summary>What the gateway logs itself.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1, LogLevel.Warning, "A call of {Model} is missing in the windows: the ring is full")]
    public static partial void RingFull(ILogger logger, string? model);

    [LoggerMessage(2, LogLevel.Warning, "A call of {Model} is missing in the windows: it could not be published")]
    public static partial void NotPublished(ILogger logger, string? model, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "A call of {Model} has failed")]
    public static partial void CallFailed(ILogger logger, string? model, Exception exception);
}
