namespace DisruptorStream.Sources.Files;

/// <summary>Where a record of a file ends.</summary>
public enum RecordFraming
{
    /// <summary>At a line feed, with or without a carriage return before it.</summary>
    Lines,

    /// <summary>4 bytes before it say how many bytes it has, little endian.</summary>
    LengthPrefixed,
}
