using System.ComponentModel.DataAnnotations;

namespace DisruptorStream.Hosting.Validation;

/// <summary>What an option may be: for its value, and for the text of it in configuration.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class OptionValueAttribute : ValidationAttribute
{
    /// <summary>What may stand there, after "must be".</summary>
    public abstract string Allowed { get; }

    /// <summary>The same for a text, which has a form as well.</summary>
    public virtual string AllowedText => Allowed;

    /// <summary>Whether a text is a value at all; its range is checked with the value.</summary>
    public abstract bool CanRead(string text);
}
