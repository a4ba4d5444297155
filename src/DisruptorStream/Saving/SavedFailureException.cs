namespace DisruptorStream.Saving;

/// <summary>
/// The failure of a window whose state was saved and loaded again: the exception itself is gone, its type and text are
/// here.
/// </summary>
public sealed class SavedFailureException : StateException
{
    /// <summary>Creates one without a message.</summary>
    public SavedFailureException()
    {
    }

    /// <summary>Creates one with the text of the exception that it takes the place of.</summary>
    public SavedFailureException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public SavedFailureException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SavedFailureException(string originalType, string message)
        : base(message) => OriginalType = originalType;

    /// <summary>The full name of the type of the exception that was saved; <c>""</c> where it is not known.</summary>
    public string OriginalType { get; } = "";
}
