using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Profiles;

/// <summary>How the messages of a feed are read and translated: a profile, compiled. Immutable; a message keeps the one that it started with.</summary>
public sealed class Feed
{
    private readonly CharsetRule? _charset;

    internal Feed(FeedProfile profile, Translator translator, IReadOnlyList<string> files)
    {
        Profile = profile;
        Translator = translator;
        Files = files;
        _charset = profile.Charset is null && profile.CharsetAlways is null ? null : new CharsetRule(profile.Charset, profile.CharsetAlways);
    }

    /// <summary>Its switches, with its name and version.</summary>
    public FeedProfile Profile { get; }

    /// <summary>With its tables.</summary>
    public Translator Translator { get; }

    /// <summary>The files that it was made of, the base first.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary><c>name@version</c>.</summary>
    public string Label => $"{Profile.Name}@{Profile.Version}";

    /// <summary>The message as the feed's character set has it: the same, unless the profile says otherwise than MSH-18.</summary>
    public Hl7Message Read(Hl7Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _charset is null ? message : Hl7Message.Parse(message.Bytes, _charset).Message ?? message;
    }
}
