namespace DisruptorStream.Sources;

/// <summary>What becomes of a source at a record that is no event, or that no key or time can be read of.</summary>
public enum BadRecordPolicy
{
    /// <summary>
    /// It stays there, says so in log and health, and tries again after <see cref="SourceOptions.RetryDelay"/>.
    /// </summary>
    Stop,

    /// <summary>The record is left out and counted, and it goes on.</summary>
    Skip,
}
