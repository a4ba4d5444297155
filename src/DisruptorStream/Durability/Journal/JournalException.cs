namespace DisruptorStream.Durability.Journal;

/// <summary>A journal cannot be written or read: the disk failed or is full, or a file is damaged or newer.</summary>
public sealed class JournalException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public JournalException()
    {
    }

    /// <summary>Creates one with a message that says what happened, in which file, and what to do next.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public JournalException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal static JournalException Newer(string path, string what) => new(
        $"The journal file '{path}' is of a newer release: {what}; open it with that release.");

    internal static JournalException Failed(string path, string what, Exception cause) => new(
        $"The journal file '{path}' could not be {what}: {cause.Message} What was not durable by then may be lost; "
        + "see to the disk, then start the processor again on the same directory.",
        cause);

    internal static JournalException Gone(string path, long sequence) => new(
        $"The journal file '{path}' was given up while it was read, at slot {sequence}; recycle only what every reader "
        + "has read, or begin again from a newer snapshot.");

    internal static JournalException Replaced(string path, long sequence) => new(
        $"What was read from the journal file '{path}', up to slot {sequence - 1}, was not durable and was replaced; "
        + "begin again from a snapshot, or read only what is durable.");

    internal static JournalException NotThere(string directory, long from, long first) => new(
        from < first
            ? $"Slots {from} to {first - 1} are not in the journal '{directory}'; begin at a snapshot that holds them, "
            + "or restore the directory from a copy."
            : $"The file of the journal '{directory}' in which slot {from} comes next is not there; restore the "
            + "directory from a copy.");

    internal static JournalException Damaged(in JournalDamage damage) => new(
        $"The journal is damaged: {damage}; restore the file from a copy, or start from a snapshot behind it.");
}
