namespace DisruptorStream.Ingest;

/// <summary>Says how far a call came that publishes several events and threw.</summary>
public static class PublishedCount
{
    private const string Key = "DisruptorStream.PublishedCount";

    /// <summary>How many of the call's events were published before it threw; they are its first ones.</summary>
    /// <param name="failure">
    /// What <c>Publish</c> or <c>PublishAsync</c> of several events threw: an error of the engine, a cancelled token,
    /// or what a selector threw.
    /// </param>
    /// <returns>Zero or more; 0 where the failure is of any other call.</returns>
    /// <remarks>
    /// The failure keeps its type, and carries the number in its <see cref="Exception.Data"/>. Publish the
    /// events behind those again, and each event is published once.
    /// </remarks>
    public static int Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Data[Key] is int count ? count : 0;
    }

    internal static void Note(Exception failure, int count) => failure.Data[Key] = count;
}
