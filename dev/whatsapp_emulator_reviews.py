"""The business's templates: taken for review, approved, paused, moved to another category."""

import threading

from .whatsapp_emulator_templates import STATUS_AFTER, Template, check_new, find, with_samples
from .whatsapp_emulator_webhooks import envelope


class Reviews:
    """The business's templates and their review; part of the emulator."""

    @property
    def templates(self):
        """The templates, oldest first."""
        return self.state.templates

    def add_template(self, name, language='es', body='', **more):
        """Add an approved template without the checks or the review.

        :param body: the text, unless *components* says everything
        :param more: category, status, components, header (a component), footer, buttons…
        """
        components = more.pop('components', None) or [{'type': 'BODY', 'text': body}]
        if header := more.pop('header', None):
            components = [{'type': 'HEADER', **header}, *components]
        if footer := more.pop('footer', None):
            components = [*components, {'type': 'FOOTER', 'text': footer}]
        if buttons := more.pop('buttons', None):
            components = [*components, {'type': 'BUTTONS', 'buttons': list(buttons)}]
        components = with_samples(components, more.get('parameter_format'))
        known = {'category': 'UTILITY', 'status': 'APPROVED'} | more
        template = Template(
            id=self.new_id('template'), name=name, language=language, components=components, **known
        )
        with self.lock:
            self.templates.append(template)
        return template

    def create_template(self, payload):
        """Take a template for review like the API does and return its answer."""
        with self.lock:
            check_new(payload, self.templates)
            template = self.add_template(
                payload['name'],
                payload['language'],
                components=payload['components'],
                category=payload['category'].upper(),
                status='PENDING',
                parameter_format=payload.get('parameter_format', 'POSITIONAL').upper(),
            )
        answer = {'id': template.id, 'status': 'PENDING', 'category': template.category}
        if self.auto_approve:
            self._review(template)
        return answer

    def _review(self, template):
        """Approve a template at once, or after a while unless it was decided on meanwhile."""
        if self.review_seconds:
            timer = threading.Timer(self.review_seconds, self._end_review, [template])
            timer.daemon = True
            timer.start()
        else:
            self.approve(template.name, template.language)

    def _end_review(self, template):
        if template.status == 'PENDING':
            self.approve(template.name, template.language)

    def template(self, name, language='es'):
        """Return a template that must exist."""
        template = find(self.templates, name, language)
        if not template:
            raise LookupError(f'there is no template {name} in {language}')
        return template

    def template_event(self, name, language='es', event='APPROVED', reason='NONE', **more):
        """Change a template's status and send the webhook that tells it.

        :param more: what else the webhook tells: disable_info, other_info, rejection_info
        """
        template = self.template(name, language)
        with self.lock:
            template.status = STATUS_AFTER.get(event, event)
            template.rejected_reason = reason
            if event == 'DELETED':
                self.templates.remove(template)
        told = {'event': event, 'reason': reason, 'message_template_category': template.category}
        self._tell('message_template_status_update', template, told | more)

    def approve(self, name, language='es'):
        """Approve a template."""
        self.template_event(name, language)

    def reject(self, name, language='es', reason='INCORRECT_CATEGORY'):
        """Reject a template."""
        self.template_event(name, language, 'REJECTED', reason)

    def pause(self, name, language='es'):
        """Pause a template for its quality."""
        other = {'title': 'FIRST_PAUSE', 'description': 'Your template has been paused for 3 hours'}
        self.template_event(name, language, 'PAUSED', other_info=other)

    def reinstate(self, name, language='es'):
        """Let a paused template be sent again."""
        self.template_event(name, language, 'REINSTATED')

    def disable(self, name, language='es'):
        """Disable a template for good."""
        info = {'disable_date': int(self.now())}
        self.template_event(name, language, 'DISABLED', disable_info=info)

    def set_quality(self, name, language='es', score='YELLOW'):
        """Change a template's quality."""
        template = self.template(name, language)
        told = {'previous_quality_score': template.quality, 'new_quality_score': score}
        template.quality, template.quality_date = score, int(self.now())
        self._tell('message_template_quality_update', template, told)

    def recategorize(self, name, language='es', category='MARKETING'):
        """Move a template to another category, as the API does on its own."""
        template = self.template(name, language)
        told = {'previous_category': template.category, 'new_category': category}
        template.category = category
        self._tell('template_category_update', template, told)

    def _tell(self, name, template, told):
        value = {
            'message_template_id': int(template.id),
            'message_template_name': template.name,
            'message_template_language': template.language,
        }
        self.courier.send([envelope(self.business_id, name, value | told, self.now())])
